/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay CORPUS_DIR…: feeds every file of the folders to the fuzz target it is linked with, in order of name.  Any
 * compiler will do, so corpora run as ordinary tests.  Fails when there is nothing to replay.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    size_t cap = (size_t)1 << 24, n = 0;
    uint8_t *data = malloc(cap);
    if (data)
        n = fread(data, 1, cap, f);
    fclose(f);
    if (!data)
        return 0;
    uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees the end */
    if (exact) {
        memcpy(exact, data, n);
        LLVMFuzzerTestOneInput(exact, n);
    }
    free(exact);
    free(data);
    return exact != NULL;
}

static int replay_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort), done = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            done += replay_file(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return done;
}

int main(int argc, char **argv)
{
    int done = 0;
    for (int i = 1; i < argc; i++)
        done += replay_folder(argv[i]);
    printf("%d inputs replayed\n", done);
    return done == 0;
}
