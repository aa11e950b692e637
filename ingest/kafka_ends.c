/* The thread makes two lists without anybody's lock, and then puts them in the place of the former ones. */
#include "ingest/kafka_ends.h"

#include "base/clock.h"
#include "ingest/kafka_group.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* What ListOffsets takes instead of a time, https://kafka.apache.org/protocol#The_Messages_ListOffsets */
#define LATEST   (-1)
#define EARLIEST (-2)

struct gw_kafka_ends {
    rd_kafka_t *client;
    const char *group;
    const char *const *topics;
    size_t topic_count;
    unsigned orphan_looks; /* the thread's own: in a row that have found some */
    pthread_t thread;
    pthread_mutex_t lock; /* over all that follows */
    pthread_cond_t told;
    bool ending;
    bool in_doubt, has_orphans;
    rd_kafka_topic_partition_list_t *begins, *ends; /* NULL: not known */
};

static void destroy_list(rd_kafka_topic_partition_list_t *list) {
    if (list) {
        rd_kafka_topic_partition_list_destroy(list);
    }
}

static void set_offsets(rd_kafka_topic_partition_list_t *list, int64_t offset) {
    for (int i = 0; i < list->cnt; i++) {
        list->elems[i].offset = offset;
    }
}

/* Replaces this time by the offset there; what nobody can tell becomes -1. */
static void ask_for(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list, int64_t time) {
    set_offsets(list, time);
    rd_kafka_resp_err_t failed = rd_kafka_offsets_for_times(client, list, GW_KAFKA_ENDS_TIMEOUT_MS);
    for (int i = 0; i < list->cnt; i++) {
        rd_kafka_topic_partition_t *each = &list->elems[i];
        each->offset = failed || each->err || each->offset < 0 ? -1 : each->offset;
    }
}

/* Those of the list whose offset is not known. */
static rd_kafka_topic_partition_list_t *unknown_of(const rd_kafka_topic_partition_list_t *list) {
    rd_kafka_topic_partition_list_t *unknown = rd_kafka_topic_partition_list_new(list->cnt);
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].offset < 0) {
            rd_kafka_topic_partition_list_add(unknown, list->elems[i].topic, list->elems[i].partition);
        }
    }
    return unknown;
}

/* Whoever closes waits: no other call is begun then. */
static bool is_ending(struct gw_kafka_ends *ends) {
    pthread_mutex_lock(&ends->lock);
    bool is_ending = ends->ending;
    pthread_mutex_unlock(&ends->lock);
    return is_ending;
}

/* The first offset there is, where nothing is committed. */
static void ask_for_firsts(rd_kafka_t *client, rd_kafka_topic_partition_list_t *begins) {
    rd_kafka_topic_partition_list_t *firsts = unknown_of(begins);
    if (firsts->cnt > 0) {
        ask_for(client, firsts, EARLIEST);
    }
    for (int i = 0; i < firsts->cnt; i++) {
        const rd_kafka_topic_partition_t *first = &firsts->elems[i];
        rd_kafka_topic_partition_list_set_offset(begins, first->topic, first->partition, first->offset);
    }
    rd_kafka_topic_partition_list_destroy(firsts);
}

/* Of partitions from which nothing was consumed, where the group would begin. */
static rd_kafka_topic_partition_list_t *ask_for_begins(struct gw_kafka_ends *ends,
                                                       rd_kafka_topic_partition_list_t *assigned) {
    rd_kafka_position(ends->client, assigned);
    rd_kafka_topic_partition_list_t *begins = unknown_of(assigned);
    if (begins->cnt > 0 && rd_kafka_committed(ends->client, begins, GW_KAFKA_ENDS_TIMEOUT_MS)) {
        set_offsets(begins, -1);
    } else if (!is_ending(ends)) {
        ask_for_firsts(ends->client, begins);
    }
    return begins;
}

static void replace(struct gw_kafka_ends *ends, rd_kafka_topic_partition_list_t *begins,
                    rd_kafka_topic_partition_list_t *latest) {
    pthread_mutex_lock(&ends->lock);
    rd_kafka_topic_partition_list_t *former[] = {ends->begins, ends->ends};
    ends->begins = begins;
    ends->ends = latest;
    pthread_mutex_unlock(&ends->lock);
    destroy_list(former[0]);
    destroy_list(former[1]);
}

static void ask(struct gw_kafka_ends *ends) {
    rd_kafka_topic_partition_list_t *assigned, *begins;
    if (rd_kafka_assignment(ends->client, &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    begins = ask_for_begins(ends, assigned);
    if (!is_ending(ends)) {
        ask_for(ends->client, assigned, LATEST);
    }
    replace(ends, begins, assigned);
}

static bool is_in_doubt(struct gw_kafka_ends *ends) {
    pthread_mutex_lock(&ends->lock);
    bool is_in_doubt = ends->group && ends->in_doubt && !ends->ending;
    pthread_mutex_unlock(&ends->lock);
    return is_in_doubt;
}

static void look_for_orphans(struct gw_kafka_ends *ends) {
    enum gw_kafka_group group = gw_kafka_group_look(ends->client, ends->group, ends->topics,
                                                    ends->topic_count, GW_KAFKA_ENDS_TIMEOUT_MS);
    ends->orphan_looks = group == GW_KAFKA_GROUP_HAS_ORPHANS ? ends->orphan_looks + 1 : 0;
    pthread_mutex_lock(&ends->lock);
    ends->in_doubt = ends->in_doubt && group != GW_KAFKA_GROUP_WHOLE;
    ends->has_orphans = ends->orphan_looks == GW_KAFKA_ENDS_ORPHAN_LOOKS;
    pthread_mutex_unlock(&ends->lock);
}

void gw_kafka_ends_doubt(struct gw_kafka_ends *ends) {
    if (ends) {
        pthread_mutex_lock(&ends->lock);
        ends->in_doubt = true;
        pthread_mutex_unlock(&ends->lock);
    }
}

bool gw_kafka_ends_found_orphans(struct gw_kafka_ends *ends) {
    pthread_mutex_lock(&ends->lock);
    bool found = ends->has_orphans;
    ends->has_orphans = false;
    pthread_mutex_unlock(&ends->lock);
    return found;
}

/* False when it is time to end. */
static bool wait_for_next(struct gw_kafka_ends *ends) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + GW_KAFKA_ENDS_EVERY_MS * GW_NS_PER_MS;
    until.tv_sec += (time_t)(ns / GW_NS_PER_S);
    until.tv_nsec = ns % GW_NS_PER_S;
    pthread_mutex_lock(&ends->lock);
    while (!ends->ending && pthread_cond_timedwait(&ends->told, &ends->lock, &until) == 0) {
    }
    bool goes_on = !ends->ending;
    pthread_mutex_unlock(&ends->lock);
    return goes_on;
}

static void *run(void *context) {
    struct gw_kafka_ends *ends = context;
    do {
        ask(ends);
        if (is_in_doubt(ends)) {
            look_for_orphans(ends);
        }
    } while (wait_for_next(ends));
    return NULL;
}

static void make_locks(struct gw_kafka_ends *ends) {
    pthread_condattr_t by_clock;
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&ends->told, &by_clock);
    pthread_condattr_destroy(&by_clock);
    pthread_mutex_init(&ends->lock, NULL);
}

static void release(struct gw_kafka_ends *ends) {
    destroy_list(ends->begins);
    destroy_list(ends->ends);
    pthread_cond_destroy(&ends->told);
    pthread_mutex_destroy(&ends->lock);
    free(ends);
}

enum gw_status gw_kafka_ends_open(rd_kafka_t *client, const char *group, const char *const *topics,
                                  size_t topic_count, struct gw_kafka_ends **ends, struct gw_error *error) {
    struct gw_kafka_ends *made = calloc(1, sizeof *made);
    if (!made) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "there is no memory to ask for partitions' ends");
    }
    made->client = client;
    made->group = group;
    made->topics = topics;
    made->topic_count = topic_count;
    make_locks(made);
    if (pthread_create(&made->thread, NULL, run, made) != 0) {
        release(made);
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "there is no thread to ask for partitions' ends");
    }
    *ends = made;
    return GW_OK;
}

static int64_t offset_in(rd_kafka_topic_partition_list_t *list, const char *topic, int32_t partition) {
    const rd_kafka_topic_partition_t *found =
        list ? rd_kafka_topic_partition_list_find(list, topic, partition) : NULL;
    return found ? found->offset : -1;
}

struct gw_kafka_span gw_kafka_ends_look(struct gw_kafka_ends *ends, const char *topic, int32_t partition) {
    pthread_mutex_lock(&ends->lock);
    struct gw_kafka_span span = {offset_in(ends->begins, topic, partition),
                                 offset_in(ends->ends, topic, partition)};
    pthread_mutex_unlock(&ends->lock);
    return span;
}

void gw_kafka_ends_close(struct gw_kafka_ends *ends) {
    if (ends) {
        pthread_mutex_lock(&ends->lock);
        ends->ending = true;
        pthread_cond_signal(&ends->told);
        pthread_mutex_unlock(&ends->lock);
        pthread_join(ends->thread, NULL);
        release(ends);
    }
}
