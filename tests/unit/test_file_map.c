/* base/file_map.h */
#include "base/file_map.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory for each test, and a file in it. */
struct place {
    char directory[64];
    char file[96];
};

static int set_up(void **state) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    const char *parent = getenv("TMPDIR");
    snprintf(place->directory, sizeof place->directory, "%.30s/gw-file-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->file, sizeof place->file, "%s/file", place->directory);
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    unlink(place->file);
    rmdir(place->directory);
    free(place);
    return 0;
}

static void write_file(const struct place *place, const char *bytes, size_t size) {
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void free_text(struct gw_str text) {
    free((void *)text.data);
}

static void a_map_holds_the_whole_file(void **state) {
    struct place *place = *state;
    struct gw_file_map map;
    struct gw_error error;
    write_file(place, "some\0bytes", 10);
    assert_int_equal(gw_file_map_open(&map, place->file, &error), GW_OK);
    assert_int_equal(map.bytes.size, 10);
    assert_memory_equal(map.bytes.data, "some\0bytes", 10);
    gw_file_map_close(&map);
    assert_null(map.bytes.data);
    gw_file_map_close(&map);
}

static void closing_what_was_never_opened_is_safe(void **state) {
    (void)state;
    struct gw_file_map map = {{NULL, 0}};
    gw_file_map_close(&map);
    assert_null(map.bytes.data);
}

static void a_missing_file_is_named(void **state) {
    struct place *place = *state;
    struct gw_file_map map;
    struct gw_error error;
    assert_int_equal(gw_file_map_open(&map, place->file, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, place->file));
    assert_non_null(strstr(error.detail, "No such file"));
    gw_file_map_close(&map);
    assert_int_equal(gw_file_map_open(&map, place->file, NULL), GW_SYSTEM);
}

static void an_empty_file_cannot_be_mapped(void **state) {
    struct place *place = *state;
    struct gw_file_map map;
    struct gw_error error;
    write_file(place, "", 0);
    assert_int_equal(gw_file_map_open(&map, place->file, &error), GW_EMPTY);
    assert_non_null(strstr(error.detail, place->file));
    gw_file_map_close(&map);
}

static void a_directory_cannot_be_mapped(void **state) {
    struct place *place = *state;
    struct gw_file_map map;
    struct gw_error error;
    assert_int_equal(gw_file_map_open(&map, place->directory, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, place->directory));
    gw_file_map_close(&map);
}

static void a_device_cannot_be_mapped(void **state) {
    (void)state;
    struct gw_file_map map;
    struct gw_error error;
    assert_int_equal(gw_file_map_open(&map, "/dev/null", &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, "/dev/null is not a regular file"));
}

static void a_file_is_read_with_a_terminator(void **state) {
    struct place *place = *state;
    struct gw_str text;
    struct gw_error error;
    write_file(place, "key: value\n", 11);
    assert_int_equal(gw_file_read(place->file, 1000, &text, &error), GW_OK);
    assert_int_equal(text.size, 11);
    assert_string_equal(text.data, "key: value\n");
    free_text(text);
}

static void an_empty_file_reads_as_empty_text(void **state) {
    struct place *place = *state;
    struct gw_str text;
    struct gw_error error;
    write_file(place, "", 0);
    assert_int_equal(gw_file_read(place->file, 1000, &text, &error), GW_OK);
    assert_int_equal(text.size, 0);
    assert_string_equal(text.data, "");
    free_text(text);
}

static void a_file_may_be_as_large_as_the_limit(void **state) {
    struct place *place = *state;
    struct gw_str text;
    struct gw_error error;
    write_file(place, "12345", 5);
    assert_int_equal(gw_file_read(place->file, 5, &text, &error), GW_OK);
    assert_string_equal(text.data, "12345");
    free_text(text);
    assert_int_equal(gw_file_read(place->file, 4, &text, &error), GW_TOO_LARGE);
    assert_null(text.data);
    assert_non_null(strstr(error.detail, "4 bytes"));
}

static void a_large_file_is_read_whole(void **state) {
    struct place *place = *state;
    static char bytes[300000];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * i >> 3);
    }
    struct gw_str text;
    struct gw_error error;
    write_file(place, bytes, sizeof bytes);
    assert_int_equal(gw_file_read(place->file, SIZE_MAX, &text, &error), GW_OK);
    assert_int_equal(text.size, sizeof bytes);
    assert_memory_equal(text.data, bytes, sizeof bytes);
    free_text(text);
}

static void a_pipe_is_read_to_its_end(void **state) {
    (void)state;
    int ends[2];
    char path[32];
    struct gw_str text;
    struct gw_error error;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "through a pipe", 14), 14);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(gw_file_read(path, 100, &text, &error), GW_OK);
    assert_string_equal(text.data, "through a pipe");
    free_text(text);
    close(ends[0]);
}

static void what_cannot_be_read_is_named(void **state) {
    struct place *place = *state;
    struct gw_str text;
    struct gw_error error;
    assert_int_equal(gw_file_read(place->file, 100, &text, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, place->file));
    assert_int_equal(gw_file_read(place->directory, 100, &text, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, "directory"));
    assert_null(text.data);
}

static int lowest_free_descriptor(void) {
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    close(fd);
    return fd;
}

static void no_descriptor_stays_open(void **state) {
    struct place *place = *state;
    struct gw_file_map map;
    struct gw_str text;
    write_file(place, "text", 4);
    int before = lowest_free_descriptor();
    assert_int_equal(gw_file_map_open(&map, place->file, NULL), GW_OK);
    assert_int_equal(gw_file_map_open(&(struct gw_file_map){{NULL, 0}}, place->directory, NULL), GW_SYSTEM);
    assert_int_equal(gw_file_read(place->file, 4, &text, NULL), GW_OK);
    assert_int_equal(lowest_free_descriptor(), before);
    gw_file_map_close(&map);
    free_text(text);
    assert_int_equal(gw_file_read(place->file, 3, &text, NULL), GW_TOO_LARGE);
    assert_int_equal(lowest_free_descriptor(), before);
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_PLACE(a_map_holds_the_whole_file),
        cmocka_unit_test(closing_what_was_never_opened_is_safe),
        WITH_PLACE(a_missing_file_is_named),
        WITH_PLACE(an_empty_file_cannot_be_mapped),
        WITH_PLACE(a_directory_cannot_be_mapped),
        cmocka_unit_test(a_device_cannot_be_mapped),
        WITH_PLACE(a_file_is_read_with_a_terminator),
        WITH_PLACE(an_empty_file_reads_as_empty_text),
        WITH_PLACE(a_file_may_be_as_large_as_the_limit),
        WITH_PLACE(a_large_file_is_read_whole),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        WITH_PLACE(what_cannot_be_read_is_named),
        WITH_PLACE(no_descriptor_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
