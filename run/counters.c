/* Shared counters: a memfd that every process of an instance maps. */
#include "run/counters.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *word;
    bool level;
    const char *text;
} counter_rows[GW_COUNTER_COUNT] = {
#define GW_COUNTER_ROW(name, word, level, text) [name] = {word, level, text},
    GW_COUNTER_TABLE(GW_COUNTER_ROW)
#undef GW_COUNTER_ROW
};

const char *gw_counter_word(enum gw_counter counter) {
    return counter_rows[counter].word;
}

const char *gw_counter_text(enum gw_counter counter) {
    return counter_rows[counter].text;
}

bool gw_counter_is_level(enum gw_counter counter) {
    return counter_rows[counter].level;
}

static enum gw_status map(int fd, int protection, struct gw_counters **counters, struct gw_error *error) {
    void *memory = mmap(NULL, sizeof(struct gw_counters), protection, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        return gw_fail_errno(error, "the shared counters cannot be mapped");
    }
    *counters = memory;
    return GW_OK;
}

static enum gw_status map_checked(int fd, int protection, struct gw_counters **counters,
                                  struct gw_error *error) {
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return gw_fail_errno(error, "the shared counters are not there");
    }
    if (info.st_size != (off_t)sizeof(struct gw_counters)) {
        return gw_fail(error, GW_INTERNAL, GW_NO_POSITION, "the shared counters have the wrong size");
    }
    return map(fd, protection, counters, error);
}

enum gw_status gw_counters_create(struct gw_counters **counters, int *fd, struct gw_error *error) {
    *fd = memfd_create("glosswire-counters", MFD_CLOEXEC);
    if (*fd < 0) {
        return gw_fail_errno(error, "shared memory cannot be made for the counters");
    }
    enum gw_status status = GW_OK;
    if (ftruncate(*fd, sizeof(struct gw_counters)) != 0) {
        status = gw_fail_errno(error, "the shared counters cannot be given their size");
        goto done;
    }
    status = map(*fd, PROT_READ | PROT_WRITE, counters, error);
done:
    if (status != GW_OK) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

enum gw_status gw_counters_attach(int fd, struct gw_counters **counters, struct gw_error *error) {
    return map_checked(fd, PROT_READ | PROT_WRITE, counters, error);
}

enum gw_status gw_counters_watch(int fd, const struct gw_counters **counters, struct gw_error *error) {
    struct gw_counters *mapped;
    enum gw_status status = map_checked(fd, PROT_READ, &mapped, error);
    *counters = status == GW_OK ? mapped : NULL;
    return status;
}

void gw_counters_detach(const struct gw_counters *counters) {
    if (counters) {
        munmap((void *)(uintptr_t)counters, sizeof *counters);
    }
}

void gw_counters_add_up(const struct gw_counters *counters, struct gw_counters_sum *sum) {
    *sum = (struct gw_counters_sum){0};
    for (size_t slot = 0; slot < GW_COUNTERS_WORKERS_MAX; slot++) {
        const struct gw_worker_counters *worker = &counters->workers[slot];
        for (size_t i = 0; i < GW_COUNTER_COUNT; i++) {
            sum->values[i] += atomic_load_explicit(&worker->values[i], memory_order_relaxed);
        }
        for (size_t i = 0; i < GW_STATUS_COUNT; i++) {
            sum->reasons[i] += atomic_load_explicit(&worker->reasons[i], memory_order_relaxed);
        }
    }
}

void gw_worker_counters_reset_levels(struct gw_worker_counters *worker) {
    for (size_t i = 0; i < GW_COUNTER_COUNT; i++) {
        if (counter_rows[i].level) {
            gw_counter_set(worker, (enum gw_counter)i, 0);
        }
    }
}
