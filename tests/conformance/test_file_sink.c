/* publish/file_sink.h through the sink suite: JSON lines, one file per outlet. */
#include "conformance/sink_suite.h"
#include "publish/file_sink.h"
#include "unit/scratch_dir.h"

#include <fcntl.h>
#include <sys/file.h>

/* How long the sink gathers before it appends. */
#define SYNC_MS 5

/* What was read last from an outlet's file. */
struct reading {
    char *bytes;
    struct sink_seen *seen;
};

struct place {
    struct scratch_dir *dir;
    const char *paths[GW_OUTLET_COUNT];
    struct gw_file_sink_settings settings;
    struct reading readings[GW_OUTLET_COUNT];
    int blocker; /* holds the lock of the records' file */
};

static void *make(void) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    scratch_dir_set_up((void **)&place->dir);
    place->paths[GW_OUTLET_RECORDS] = scratch_dir_path(place->dir, "records.jsonl");
    place->paths[GW_OUTLET_DEAD_LETTERS] = scratch_dir_path(place->dir, "dead.jsonl");
    place->blocker = -1;
    return place;
}

static enum gw_status open_sink(void *state, bool dead_letters, struct gw_sink **sink,
                                struct gw_error *error) {
    struct place *place = state;
    place->settings = (struct gw_file_sink_settings){.json_lines = true, .sync_ms = SYNC_MS};
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        place->settings.paths[i] = i == GW_OUTLET_RECORDS || dead_letters ? place->paths[i] : NULL;
    }
    return gw_file_sink_open(&place->settings, &gw_clock_system, sink, error);
}

static void forget(struct reading *reading) {
    free(reading->bytes);
    free(reading->seen);
    *reading = (struct reading){NULL, NULL};
}

static size_t see(void *state, enum gw_outlet outlet, const struct sink_seen **seen) {
    struct place *place = state;
    struct reading *reading = &place->readings[outlet];
    size_t size, count = 0;
    forget(reading);
    reading->bytes = scratch_read(place->paths[outlet], &size);
    for (const char *at = reading->bytes, *end = at + size, *feed; at < end; at = feed + 1) {
        feed = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(feed);
        reading->seen = realloc(reading->seen, (count + 1) * sizeof *reading->seen);
        assert_non_null(reading->seen);
        reading->seen[count++] = (struct sink_seen){.payload = {at, (size_t)(feed - at)}};
    }
    *seen = reading->seen;
    return count;
}

static void block(void *state) {
    struct place *place = state;
    place->blocker = open(place->paths[GW_OUTLET_RECORDS], O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(place->blocker, LOCK_EX), 0);
}

static void unblock(void *state) {
    close(((struct place *)state)->blocker);
}

static void destroy(void *state) {
    struct place *place = state;
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        forget(&place->readings[i]);
    }
    scratch_dir_tear_down((void **)&place->dir);
    free(place);
}

int main(void) {
    const struct sink_backend backend = {
        .name = "file sink",
        .make = make,
        .open = open_sink,
        .see = see,
        .block = block,
        .unblock = unblock,
        .destroy = destroy,
    };
    return sink_suite_run(&backend);
}
