/* The behaviours that ingest/source.h promises, tested over any source.
 *
 * A backend says how to make a place that messages are fed into (a topic, an endpoint, a file), and how to
 * open the source on it. Each test has a place of its own:
 *
 *     make → { feed | open … close }* → destroy
 *
 * What must go on meanwhile (a hub) runs in a thread or process of the backend's.
 */
#ifndef GW_TESTS_SOURCE_SUITE_H
#define GW_TESTS_SOURCE_SUITE_H

#include "ingest/source.h"

/* What the suite feeds; `key` and `headers` only where the backend has them. */
struct source_feed {
    struct gw_str payload; /* data NULL: a null value, only with `tombstones` */
    struct gw_str key;
    struct gw_headers headers;
};

struct source_backend {
    const char *name;

    /* What of the interface this transport knows. */
    bool keys;       /* a message may have a key */
    bool headers;    /* and headers */
    bool tombstones; /* and no value */
    bool binary;     /* payloads may be any bytes, also none at all; else they are JSON on one line */
    bool ends;       /* there is an end: GW_CLOSED when all is settled; feed before open */
    bool positions;  /* gw_source_positions gives something */
    bool revokes;    /* `revoke` works */
    bool in_order;   /* messages come as they were fed (while nothing is given again) */

    /* Why it cannot run here (NULL: it can). May be NULL. */
    const char *(*unavailable)(void);

    /* A fresh, empty place. `message_bytes_max` is the limit that the source shall be opened with. */
    void *(*make)(size_t message_bytes_max);
    void (*feed)(void *place, const struct source_feed *messages, size_t count);

    /* Opens the source, for the first time or again after it was closed (a restart of the worker). */
    enum gw_status (*open)(void *place, const struct gw_source_events *events, struct gw_source **source,
                           struct gw_error *error);

    /* Has another member take partitions away and leave again; returns when that has been asked for, while
     * the test goes on taking. Only with `revokes`. */
    void (*revoke)(void *place);

    void (*destroy)(void *place);
};

/* Runs all tests; returns what main returns. Prints why and returns 77 where the backend is unavailable. */
int source_suite_run(const struct source_backend *backend);

/* What ctest takes for "skipped". */
#define SUITE_SKIPPED 77

#endif
