/* A directory for one test, removed with all that is in it. As set-up and tear-down of a test:
 *
 *     cmocka_unit_test_setup_teardown(a_test, scratch_dir_set_up, scratch_dir_tear_down)
 *     struct scratch_dir *dir = *state;
 *     const char *path = scratch_dir_path(dir, "file");
 */
#ifndef GW_TESTS_SCRATCH_DIR_H
#define GW_TESTS_SCRATCH_DIR_H

#include "unit/unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCRATCH_DIR_PATHS 8

struct scratch_dir {
    char name[256];
    char *paths[SCRATCH_DIR_PATHS];
    size_t used;
};

static inline int scratch_dir_set_up(void **state) {
    struct scratch_dir *dir = calloc(1, sizeof *dir);
    assert_non_null(dir);
    const char *parent = getenv("TMPDIR");
    snprintf(dir->name, sizeof dir->name, "%.200s/gw-test-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(dir->name));
    *state = dir;
    return 0;
}

static inline int scratch_dir_remove(const char *path, const struct stat *info, int type, struct FTW *place) {
    (void)info, (void)type, (void)place;
    return remove(path);
}

static inline int scratch_dir_tear_down(void **state) {
    struct scratch_dir *dir = *state;
    nftw(dir->name, scratch_dir_remove, 8, FTW_DEPTH | FTW_PHYS);
    while (dir->used > 0) {
        free(dir->paths[--dir->used]);
    }
    free(dir);
    return 0;
}

/* The path of a file in the directory; at most SCRATCH_DIR_PATHS of them. */
static inline const char *scratch_dir_path(struct scratch_dir *dir, const char *name) {
    assert_true(dir->used < SCRATCH_DIR_PATHS);
    char *path;
    assert_true(asprintf(&path, "%s/%s", dir->name, name) > 0);
    dir->paths[dir->used++] = path;
    return path;
}

/* Writes a whole file. */
static inline void scratch_write(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* A whole file with a terminator behind it; the caller frees it. */
static inline char *scratch_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

static inline void assert_file_holds(const char *path, const char *text) {
    size_t size;
    char *bytes = scratch_read(path, &size);
    assert_string_equal(bytes, text);
    assert_int_equal(size, strlen(text));
    free(bytes);
}

#endif
