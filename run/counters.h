/* Counters in memory that all processes of an instance share: written by workers and the hub, summed by the
 * supervisor. What the crash quarantine knows lies beside them.
 *
 *     struct gw_counters:  [ instance ][ hub ][ worker 0 ][ worker 1 ] … [ worker GW_COUNTERS_WORKERS_MAX - 1
 * ] [ suspects ][ note 0 ][ note 1 ] …
 *
 * Each counter has one writer, so that an update is a plain load, add and store; readers may see a part
 * mid-update of several counters, but never a torn number. A worker that is started again goes on counting in
 * its slot.
 */
#ifndef GW_RUN_COUNTERS_H
#define GW_RUN_COUNTERS_H

#include "base/status.h"
#include "run/hub/hub.h"
#include "run/note.h"
#include "run/suspects.h"

#include <stdatomic.h>
#include <stdint.h>

#define GW_COUNTERS_WORKERS_MAX 256

/* name, word, is a level rather than a count, what it counts */
#define GW_COUNTER_TABLE(X)                                                                                  \
    X(GW_COUNTER_IN, "in", 0, "messages taken from the source")                                              \
    X(GW_COUNTER_IN_BYTES, "in_bytes", 0, "bytes of their payloads")                                         \
    X(GW_COUNTER_REDELIVERED, "redelivered", 0, "messages that the source had given out before")             \
    X(GW_COUNTER_RECORDS, "records", 0, "records that are safe at the sink")                                 \
    X(GW_COUNTER_RECORD_BYTES, "record_bytes", 0, "bytes of those records")                                  \
    X(GW_COUNTER_DEAD_LETTERS, "dead_letters", 0, "dead letters that are safe at their sink")                \
    X(GW_COUNTER_SKIPPED, "skipped", 0, "tombstones, and what the configuration leaves out")                 \
    X(GW_COUNTER_RESENT, "resent", 0, "messages sent again because the sink gave them up")                   \
    X(GW_COUNTER_WORDS, "words", 0, "tokens annotated")                                                      \
    X(GW_COUNTER_PAUSES, "pauses", 0, "times the source was paused at high water")                           \
    X(GW_COUNTER_COMMITTED, "committed", 0, "transactions committed")                                        \
    X(GW_COUNTER_ABORTED, "aborted", 0, "transactions aborted; what was in them is sent again")              \
    X(GW_COUNTER_FENCED, "fenced", 0, "times another process had taken over the worker's name")              \
    X(GW_COUNTER_REVOKES, "revokes", 0, "times partitions were taken away")                                  \
    X(GW_COUNTER_RESTARTS, "restarts", 0, "times the worker was started again (kept by the supervisor)")     \
    X(GW_COUNTER_CRASHES, "crashes", 0, "times it died of a fatal signal or of a defect (likewise)")         \
    X(GW_COUNTER_HANGS, "hangs", 0,                                                                          \
      "times the watchdog ended it because it was stuck on an article (likewise)")                           \
    X(GW_COUNTER_KILLS, "kills", 0, "times it was killed from outside (likewise)")                           \
    X(GW_COUNTER_STALLS, "stalls", 0, "times it had work and nothing moved for `watchdog.stall` (likewise)") \
    X(GW_COUNTER_STALLED, "stalled", 1, "1 while that is so (likewise)")                                     \
    X(GW_COUNTER_UP, "up", 1, "1 while the worker's process runs (likewise)")                                \
    X(GW_COUNTER_LAG, "lag", 1, "messages that wait in its partitions, as the brokers last said (Kafka)")    \
    X(GW_COUNTER_IN_FLIGHT, "in_flight", 1, "messages taken and not yet settled")                            \
    X(GW_COUNTER_IN_FLIGHT_BYTES, "in_flight_bytes", 1, "bytes of those messages")                           \
    X(GW_COUNTER_PAUSED, "paused", 1, "1 while the source is paused")                                        \
    X(GW_COUNTER_READY, "ready", 1, "1 while the worker is connected and takes messages")

enum gw_counter {
#define GW_COUNTER_ENUM(name, word, level, text) name,
    GW_COUNTER_TABLE(GW_COUNTER_ENUM)
#undef GW_COUNTER_ENUM
        GW_COUNTER_COUNT
};

/* What the supervisor counts of the whole; the same columns. */
#define GW_INSTANCE_TABLE(X)                                                                                 \
    X(GW_INSTANCE_READY, "ready", 1, "1 while every process runs, is connected, and nothing is stalled")     \
    X(GW_INSTANCE_DRAINING, "draining", 1, "1 while it ends")                                                \
    X(GW_INSTANCE_WORKERS, "workers", 1, "workers that are wanted")                                          \
    X(GW_INSTANCE_HUB_UP, "hub_up", 1, "1 while the hub's process runs")                                     \
    X(GW_INSTANCE_HUB_RESTARTS, "hub_restarts", 0, "times the hub was started again")                        \
    X(GW_INSTANCE_SUSPECTS, "suspects", 0, "articles that came under suspicion of killing their worker")     \
    X(GW_INSTANCE_RELOADS, "reloads", 0, "times the configuration, the model or a gazetteer was taken anew") \
    X(GW_INSTANCE_RELOADS_REFUSED, "reloads_refused", 0, "times that failed, and the old ones went on")

enum gw_instance_counter {
#define GW_INSTANCE_ENUM(name, word, level, text) name,
    GW_INSTANCE_TABLE(GW_INSTANCE_ENUM)
#undef GW_INSTANCE_ENUM
        GW_INSTANCE_COUNT
};

struct gw_instance_counters {
    _Atomic uint64_t values[GW_INSTANCE_COUNT];
    _Atomic uint32_t health;    /* enum gw_health */
    _Atomic int64_t beat_ns;    /* when the supervisor last came round, by the monotonic clock */
    _Atomic int64_t started_ms; /* when it started, by the wall clock */
};

/* One worker's counters. `reasons` splits GW_COUNTER_DEAD_LETTERS by enum gw_status. */
struct gw_worker_counters {
    _Alignas(64) _Atomic uint64_t values[GW_COUNTER_COUNT];
    _Atomic uint64_t reasons[GW_STATUS_COUNT];
};

struct gw_counters {
    struct gw_instance_counters instance; /* written by the supervisor */
    struct gw_hub_counters hub;
    struct gw_worker_counters workers[GW_COUNTERS_WORKERS_MAX];
    struct gw_suspects suspects;                   /* written by the supervisor */
    struct gw_note notes[GW_COUNTERS_WORKERS_MAX]; /* each by its worker, and wiped by the supervisor */
};

/* A sum over all workers. */
struct gw_counters_sum {
    uint64_t values[GW_COUNTER_COUNT];
    uint64_t reasons[GW_STATUS_COUNT];
};

const char *gw_counter_word(enum gw_counter counter);
const char *gw_counter_text(enum gw_counter counter);
bool gw_counter_is_level(enum gw_counter counter);

/* New shared memory, all zero. `fd` is what children map it by; the caller closes it. */
enum gw_status gw_counters_create(struct gw_counters **counters, int *fd, struct gw_error *error);

/* Maps what a parent created. */
enum gw_status gw_counters_attach(int fd, struct gw_counters **counters, struct gw_error *error);

/* The same to look at only; `fd` may be open for reading alone. */
enum gw_status gw_counters_watch(int fd, const struct gw_counters **counters, struct gw_error *error);

/* Unmaps; NULL is fine. */
void gw_counters_detach(const struct gw_counters *counters);

void gw_counters_add_up(const struct gw_counters *counters, struct gw_counters_sum *sum);

/* Levels of one worker back to 0: it has ended. */
void gw_worker_counters_reset_levels(struct gw_worker_counters *worker);

/* By the one writer only. */
static inline void gw_counter_add(struct gw_worker_counters *worker, enum gw_counter counter, uint64_t n) {
    uint64_t now = atomic_load_explicit(&worker->values[counter], memory_order_relaxed);
    atomic_store_explicit(&worker->values[counter], now + n, memory_order_relaxed);
}

static inline void gw_counter_set(struct gw_worker_counters *worker, enum gw_counter counter,
                                  uint64_t value) {
    atomic_store_explicit(&worker->values[counter], value, memory_order_relaxed);
}

static inline void gw_instance_set(struct gw_instance_counters *instance, enum gw_instance_counter counter,
                                   uint64_t value) {
    atomic_store_explicit(&instance->values[counter], value, memory_order_relaxed);
}

static inline uint64_t gw_instance_get(const struct gw_instance_counters *instance,
                                       enum gw_instance_counter counter) {
    return atomic_load_explicit(&instance->values[counter], memory_order_relaxed);
}

static inline void gw_instance_add(struct gw_instance_counters *instance, enum gw_instance_counter counter,
                                   uint64_t n) {
    gw_instance_set(instance, counter, gw_instance_get(instance, counter) + n);
}

static inline uint64_t gw_counter_get(const struct gw_worker_counters *worker, enum gw_counter counter) {
    return atomic_load_explicit(&worker->values[counter], memory_order_relaxed);
}

/* One more dead letter with this reason. */
static inline void gw_counter_dead_letter(struct gw_worker_counters *worker, enum gw_status reason) {
    uint64_t now = atomic_load_explicit(&worker->reasons[reason], memory_order_relaxed);
    atomic_store_explicit(&worker->reasons[reason], now + 1, memory_order_relaxed);
    gw_counter_add(worker, GW_COUNTER_DEAD_LETTERS, 1);
}

#endif
