/* Records that were written to files. */
#include "cli/tap.h"

#include <stdlib.h>

struct files_tap {
    struct gw_tap head;
    struct gw_reading *reading;
};

static enum gw_status next(struct gw_tap *head, int wait_ms, struct gw_tapped *tapped,
                           struct gw_error *error) {
    struct gw_reading *reading = ((struct files_tap *)head)->reading;
    (void)wait_ms; /* a reading waits as long as it wants to */
    enum gw_status status = gw_reading_next(reading);
    if (status == GW_OK) {
        *tapped = (struct gw_tapped){
            .payload = reading->message.payload, .path = gw_reading_path(reading), .line = reading->line};
    } else if (status != GW_AGAIN && status != GW_CLOSED) {
        gw_fail(error, status, GW_NO_POSITION, "the files cannot be read on");
    }
    return status;
}

static void close_tap(struct gw_tap *head) {
    free(head);
}

static const struct gw_tap_ops ops = {next, close_tap};

enum gw_status gw_tap_open_files(struct gw_reading *reading, struct gw_tap **out, struct gw_error *error) {
    struct files_tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a tap");
    }
    *tap = (struct files_tap){{&ops}, reading};
    *out = &tap->head;
    return GW_OK;
}
