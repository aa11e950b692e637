/* Where an audit reads positions: Kafka topics, files, or lists of positions. */
#ifndef GW_CLI_BOOK_H
#define GW_CLI_BOOK_H

#include "cli/ledger.h"
#include "ingest/file_source.h"
#include "transport/kafka_scan.h"

enum gw_book_kind {
    GW_BOOK_NONE,
    GW_BOOK_KAFKA,
    GW_BOOK_FILES, /* of articles as inputs; of outputs with FILE.positions beside them */
    GW_BOOK_LIST   /* FILE.positions itself, or what a feeder has noted: a position a line */
};

/* One of an audit's sides. All strings are the caller's. */
struct gw_book {
    enum gw_book_kind kind;
    struct gw_kafka_scan scan;
    const char *const *paths; /* of files and lists */
    size_t path_count;
    enum gw_file_format format;
};

/* The end of a path that is taken for a list. */
#define GW_BOOK_LIST_SUFFIX ".positions"

/* Enters each message of the book as an input. */
enum gw_status gw_book_read_inputs(const struct gw_book *book, struct gw_ledger *ledger,
                                   struct gw_error *error);

/* Enters each output. Kafka's headers say what it is; of files, a line with a third column is a skipped input
 * and others are what `fact` says. Outputs that name no position are counted in `*nameless`. */
enum gw_status gw_book_read_outputs(const struct gw_book *book, enum gw_ledger_fact fact,
                                    struct gw_ledger *ledger, uint64_t *nameless, struct gw_error *error);

#endif
