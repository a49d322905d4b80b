/* SPDX-License-Identifier: Apache-2.0 */
#include "mpi/comm_mpi.h"

#include <mpi.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    PIECE = 1 << 22, /* numbers in one message; MPI counts in int */
    SPINS = 2000,    /* looks at a message before the processor is given to others */
    NAP = 20000,     /* nanoseconds */
};

static ys_status fail(int code, ys_diag *diag)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int n = 0;
    (void)MPI_Error_string(code, text, &n);
    ys_diag_fix(diag, "查看 mpirun 的消息；用同一 --state 重启可接着做",
                "see what mpirun says; a restart with the same --state goes on from there");
    return ys_fail(diag, YS_EIO, "与其他进程的通信中断：%s", "the other ranks cannot be reached: %s", text);
}

/*
 * MPI's own wait keeps a processor busy, which costs the others dearly where ranks outnumber processors or one of them has more to
 * do: look, and soon nap between looks.
 */
static int await(MPI_Request *request)
{
    const struct timespec nap = {.tv_nsec = NAP};
    int done = 0, code = MPI_SUCCESS;
    for (int looks = 0; code == MPI_SUCCESS && !done; looks++) {
        code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (!done && looks > SPINS)
            (void)nanosleep(&nap, NULL);
    }
    return code;
}

static ys_status reduce(void *self, ys_comm_op op, int64_t *data, size_t n, ys_diag *diag)
{
    (void)self;
    /* Sums wrap around, as base/comm.h promises; so they are of unsigned numbers. */
    MPI_Datatype type = op == YS_COMM_SUM ? MPI_UINT64_T : MPI_INT64_T;
    MPI_Op how = op == YS_COMM_SUM ? MPI_SUM : op == YS_COMM_MIN ? MPI_MIN : MPI_MAX;
    for (size_t at = 0; at < n; at += PIECE) {
        int count = (int)(n - at < PIECE ? n - at : PIECE);
        MPI_Request request;
        int code = MPI_Iallreduce(MPI_IN_PLACE, data + at, count, type, how, MPI_COMM_WORLD, &request);
        if (code == MPI_SUCCESS)
            code = await(&request);
        if (code != MPI_SUCCESS)
            return fail(code, diag);
    }
    return YS_OK;
}

ys_status ys_mpi_join(int *argc, char ***argv, ys_comm *ret_comm, ys_diag *diag)
{
    int given, code = MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &given);
    ys_comm c = {.allreduce = reduce};
    if (code == MPI_SUCCESS)
        code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_rank(MPI_COMM_WORLD, &c.rank);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_size(MPI_COMM_WORLD, &c.size);
    if (code != MPI_SUCCESS)
        return fail(code, diag);
    *ret_comm = c;
    return YS_OK;
}

int ys_mpi_threads(void)
{
    MPI_Comm here;
    int ranks = 1;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here) == MPI_SUCCESS) {
        (void)MPI_Comm_size(here, &ranks);
        (void)MPI_Comm_free(&here);
    }
    return processors > ranks ? (int)processors / ranks : 1;
}

void ys_mpi_leave(void)
{
    (void)MPI_Finalize();
}

_Noreturn void ys_mpi_abort(int exit_code)
{
    (void)MPI_Abort(MPI_COMM_WORLD, exit_code);
    _Exit(exit_code);
}
