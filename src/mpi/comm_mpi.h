/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MPI_COMM_MPI_H
#define YS_MPI_COMM_MPI_H
/*
 * comm_mpi.h - the MPI filling of base/comm.h: one rank a process, of one machine or many.
 */
#include "base/comm.h"

/* Joins the job, by the thread that makes all later calls. */
ys_status ys_mpi_join(int *argc, char ***argv, ys_comm *ret_comm, ys_diag *diag) YS_MUST_USE;
/* Processors of this machine for each rank on it, at least 1. */
int ys_mpi_threads(void);
/* All ranks have come to their end. */
void ys_mpi_leave(void);
/* This rank alone has failed: ends the job with this exit code; the others are told by MPI. */
_Noreturn void ys_mpi_abort(int exit_code);

#endif
