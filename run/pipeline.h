/* The pipeline: takes from a source, enriches, sends to sinks, and gives receipts back when the outcome is
 * safe. It never blocks but in a revoke and when a batch ends; who runs it waits between its steps.
 *
 *     source ──take──▶ window ──enrich──▶ send ──▶ sink
 *        ▲               │                          │
 *        └──── settle ◀──┴──────── completion ◀─────┘
 *
 * Back-pressure: a sink that says GW_AGAIN holds the message that it refused, and nothing more is taken; at
 * the window's high water, or when nothing was taken for a while, the source is paused.
 *
 * Quarantine: an article that a worker has died on is sent only while nothing else is under way, and alone in
 * its batch; one that has killed two becomes a dead letter without being read.
 *
 * A batch begins with the first message sent. With a transactional sink it is committed, with the source's
 * positions, after so many messages, after so long, or at high water, as soon as all in it is safe; receipts
 * are given back when it is committed. A batch that fails is aborted, and all of it is sent again, in order.
 * While brokers do not answer, its end is asked for again and again; meanwhile nothing is sent or taken.
 * Without transactions receipts are given back one by one, and the batch ends with the pipeline.
 *
 * On a revoke all that is in flight is finished and committed within a deadline, or else aborted and given
 * back, before the partitions go.
 */
#ifndef GW_RUN_PIPELINE_H
#define GW_RUN_PIPELINE_H

#include "ingest/source.h"
#include "publish/sink.h"
#include "run/counters.h"
#include "run/enrich.h"
#include "run/guard.h"

#include <poll.h>

/* How long one step waits at most for the end of a batch. */
#define GW_PIPELINE_COMMIT_STEP_MS 1000

/* A source from which nothing was taken for so long is paused, so that it can be polled all the same. */
#define GW_PIPELINE_STALL_MS 500

/* An article that another worker is noted on waits at most so long for the supervisor to count that death. */
#define GW_PIPELINE_HELD_MS 2000

/* Before a suspect is tried, storing what came before it takes at most so long. */
#define GW_PIPELINE_STORE_MS 1000

/* The source is asked for its lag so often. */
#define GW_PIPELINE_LAG_MS 1000

/* After a failure of the peer, the wait before the next try: doubles from the first to the last. */
#define GW_PIPELINE_RETRY_FIRST_MS 50
#define GW_PIPELINE_RETRY_LAST_MS  5000

/* Everything pointed to must outlive the pipeline. */
struct gw_pipeline_settings {
    struct gw_sink *sinks[GW_OUTLET_COUNT]; /* may be one and the same; a transactional one must be */
    struct gw_enricher *enricher;
    const struct gw_clock *clock;
    struct gw_worker_counters *counters;
    struct gw_guard guard;
    size_t window_bytes;                  /* the high water mark; the low one is its half */
    size_t message_bytes_max;             /* `limits.message_bytes` */
    size_t batch_messages;                /* a transaction is committed after so many, */
    int batch_ms;                         /* or so long after its first */
    int revoke_timeout_ms;                /* for finishing what is in flight when partitions are taken away */
    const struct gw_allocator *allocator; /* NULL: the system's */
    /* Waits up to `timeout_ms` for the descriptors, as poll(2), during a revoke. NULL: poll itself. */
    void (*wait)(void *context, struct pollfd *fds, size_t count, int timeout_ms);
    void *wait_context;
};

struct gw_pipeline;

/* Free with gw_pipeline_close. */
enum gw_status gw_pipeline_open(const struct gw_pipeline_settings *settings, struct gw_pipeline **pipeline,
                                struct gw_error *error);

/* What the source must be opened with. */
struct gw_source_events gw_pipeline_events(struct gw_pipeline *pipeline);

/* The source to take from; before the first step. It must outlive the pipeline. */
void gw_pipeline_start(struct gw_pipeline *pipeline, struct gw_source *source);

/* One round: what is safe is settled, what waits is sent, and more is taken. GW_OK; GW_CLOSED when all is
 * done (the source has ended, or the drain): do not call it again; anything else is a failure that stops the
 * worker: of class OURS, or GW_FENCED. */
enum gw_status gw_pipeline_step(struct gw_pipeline *pipeline, struct gw_error *error);

/* What to wait for between two steps: fills up to GW_PIPELINE_FDS_MAX descriptors, and returns for how many
 * milliseconds at most. */
#define GW_PIPELINE_FDS_MAX (1 + GW_OUTLET_COUNT)
int gw_pipeline_wait_for(const struct gw_pipeline *pipeline, struct pollfd fds[GW_PIPELINE_FDS_MAX],
                         size_t *count);

/* Takes nothing new from here on. */
void gw_pipeline_drain(struct gw_pipeline *pipeline);

/* Messages taken and not yet settled. */
size_t gw_pipeline_in_flight(const struct gw_pipeline *pipeline);

/* Gives back unfinished messages (they will be given out again) and aborts an open transaction. NULL is fine.
 * Sinks and source stay open. */
void gw_pipeline_close(struct gw_pipeline *pipeline);

#endif
