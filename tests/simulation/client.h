/* One worker of the simulation: the program's own pipeline, window, handout and offset tracker, between a
 * source and a sink that stand for librdkafka and talk to the cluster in memory. */
#ifndef GW_TESTS_SIMULATION_CLIENT_H
#define GW_TESTS_SIMULATION_CLIENT_H

#include "ingest/handout.h"
#include "publish/sink.h"
#include "run/pipeline.h"
#include "simulation/cluster.h"
#include "unit/fake_clock.h"

#define PENDING_MAX 256

/* What goes wrong with a commit. */
enum commit_fault {
    COMMIT_WELL,
    COMMIT_OFFSETS_LOST, /* the request for the offsets, or its answer, got lost */
    COMMIT_OFFSETS_UNHEARD,
    COMMIT_LOST, /* the same of the commit itself */
    COMMIT_UNHEARD,
    COMMIT_REFUSED, /* the coordinator says that it must be aborted */
    COMMIT_FAULT_COUNT
};

struct pending {
    uint64_t ticket;
    int partition;
    int64_t offset;
};

struct client_source {
    struct gw_source base;
    struct gw_handout handout;
    int64_t next[PARTITIONS_MAX]; /* to fetch */
    uint32_t index[PARTITIONS_MAX];
    bool owned[PARTITIONS_MAX];
    bool paused;
    size_t budget; /* so many messages are there to take until it is raised */
};

struct client_sink {
    struct gw_sink base;
    struct pending pending[PENDING_MAX];
    size_t first, count;
    struct gw_completion done[PENDING_MAX];
    size_t done_count;
    size_t full; /* so many sends find the queue full */
    bool eager;  /* the brokers answer while the worker waits */
    bool broken; /* the transaction can only be aborted */
    bool sent_offsets, committing;
    unsigned epoch; /* of the producer */
    enum commit_fault fault;
    size_t faults;      /* so many commits go wrong in that way */
    bool abort_unheard; /* the next abort gets no answer */
};

struct client {
    struct cluster *cluster;
    int number;
    struct fake_clock *time;
    struct gw_clock clock;
    struct gw_enricher *enricher; /* outlives its processes */
    struct gw_worker_counters counters;
    struct client_source source;
    struct client_sink sink;
    struct gw_pipeline *pipeline; /* NULL: the process is not there */
    bool dead;                    /* nothing that it does reaches anybody any more */
};

/* Starts its process. */
void client_start(struct client *client);

/* Its process is gone, from one moment to the next. `reached`: how many of the messages that nobody had
 * answered for yet are on the brokers all the same. */
void client_crash(struct client *client, size_t reached);

/* One step of its pipeline with so many new messages to take. A failure ends the process; a new one begins.
 */
void client_step(struct client *client, size_t messages);

/* The brokers answer for so many messages, oldest first. */
void client_answer(struct client *client, size_t messages, enum gw_status status);

#endif
