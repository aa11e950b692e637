/* stdio with its errors looked at. */
#include "cli/output.h"

#include "cli/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

void gw_output_init(void) {
    signal(SIGPIPE, SIG_IGN);
}

/* A reader that has gone needs no message: the program ends as if it had been killed by the signal. */
static void end_by_sigpipe(void) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

static bool check(bool written) {
    if (!written && errno == EPIPE) {
        end_by_sigpipe();
    }
    if (!written) {
        fprintf(stderr, "glosswire: cannot write to standard output: %m\n");
    }
    return written;
}

bool gw_output_write(struct gw_str text) {
    return text.size == 0 || check(fwrite(text.data, 1, text.size, stdout) == text.size);
}

bool gw_output_flush(void) {
    return check(fflush(stdout) == 0);
}

int gw_output_finish(int code) {
    /* Whoever wrote with gw_output_write has said it, and returns so. */
    bool told = ferror(stdout) && code == GW_EXIT_SYSTEM;
    if (told || (gw_output_flush() && !ferror(stdout))) {
        return code;
    }
    return GW_EXIT_SYSTEM;
}
