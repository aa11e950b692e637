/* ingest/file_source.h through the source suite: JSON lines in one file, with a state file beside it. */
#include "conformance/source_suite.h"
#include "ingest/file_source.h"
#include "unit/scratch_dir.h"

struct place {
    struct scratch_dir *dir;
    const char *path;
    struct gw_file_source_settings settings;
};

static void *make(size_t message_bytes_max) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    scratch_dir_set_up((void **)&place->dir);
    place->path = scratch_dir_path(place->dir, "in.jsonl");
    scratch_write(place->path, "", 0);
    place->settings = (struct gw_file_source_settings){
        .paths = &place->path,
        .path_count = 1,
        .format = GW_FILE_JSONL,
        .message_bytes_max = message_bytes_max,
        .state_path = scratch_dir_path(place->dir, "state"),
    };
    return place;
}

static void feed(void *state, const struct source_feed *messages, size_t count) {
    struct place *place = state;
    FILE *file = fopen(place->path, "a");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fwrite(messages[i].payload.data, 1, messages[i].payload.size, file),
                         messages[i].payload.size);
        fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

static enum gw_status open_source(void *state, const struct gw_source_events *events,
                                  struct gw_source **source, struct gw_error *error) {
    (void)events;
    return gw_file_source_open(&((struct place *)state)->settings, source, error);
}

static void destroy(void *state) {
    struct place *place = state;
    scratch_dir_tear_down((void **)&place->dir);
    free(place);
}

int main(void) {
    const struct source_backend backend = {
        .name = "file source",
        .ends = true,
        .in_order = true,
        .make = make,
        .feed = feed,
        .open = open_source,
        .destroy = destroy,
    };
    return source_suite_run(&backend);
}
