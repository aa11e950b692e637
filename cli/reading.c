/* A file source, one message at a time. */
#include "cli/reading.h"

#include <poll.h>
#include <unistd.h>

const char *const gw_input_words[] = {
    [GW_FILE_AUTO] = "auto", [GW_FILE_JSONL] = "jsonl", [GW_FILE_MSGPACK] = "msgpack",
    [GW_FILE_TEXT] = "text", [GW_FILE_JSON] = "json",   NULL};

int gw_reading_open(struct gw_reading *reading, const struct gw_arguments *arguments,
                    enum gw_file_format format, size_t message_bytes_max) {
    static const char *const standard_input = "-";
    struct gw_error error;
    bool none = arguments->operand_count == 0;
    if (none && isatty(STDIN_FILENO)) {
        fputs("reading from the terminal; Ctrl-D ends\n", stderr);
    }
    *reading = (struct gw_reading){
        .settings = {.paths = none ? &standard_input : (const char *const *)arguments->operands,
                     .path_count = none ? 1 : arguments->operand_count,
                     .format = format,
                     .message_bytes_max = message_bytes_max}};
    if (gw_file_source_open(&reading->settings, &reading->source, &error) != GW_OK) {
        fprintf(stderr, "glosswire %s: %s\n", arguments->command->name, error.detail);
        return GW_EXIT_CANNOT_START;
    }
    return GW_EXIT_DONE;
}

static enum gw_status settle(struct gw_reading *reading, struct gw_error *error) {
    if (!reading->has_message) {
        return GW_OK;
    }
    reading->has_message = false;
    return gw_source_settle(reading->source, reading->message.receipt, GW_OUTCOME_RECORD, error);
}

enum gw_status gw_reading_next(struct gw_reading *reading) {
    struct gw_error error;
    size_t count = 0;
    enum gw_status status = settle(reading, &error);
    if (status == GW_OK) {
        status = gw_source_take(reading->source, &reading->message, 1, &count, &error);
    }
    if (status == GW_OK && count == 0) {
        struct pollfd wanted = {.fd = gw_source_fd(reading->source), .events = POLLIN};
        poll(&wanted, 1, wanted.fd < 0 ? 0 : GW_SOURCE_POLL_MS);
        return GW_AGAIN;
    }
    if (status == GW_OK) {
        reading->has_message = true;
        reading->line = gw_file_source_line(reading->source, &reading->message);
    } else if (status != GW_CLOSED) {
        fprintf(stderr, "glosswire: %s\n", error.detail);
    }
    return status;
}

const char *gw_reading_path(const struct gw_reading *reading) {
    /* The source made the name from the terminated path that it was given. */
    return reading->message.position.name.data;
}

void gw_reading_close(struct gw_reading *reading) {
    gw_source_close(reading->source);
}
