/* The program: finds the command that is meant and hands it its arguments. */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "run/suggest.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int run_command(const struct gw_command *command, int argc, char **argv) {
    struct gw_arguments arguments;
    if (command->run_bare) {
        return command->run_bare(argc, argv);
    }
    switch (gw_options_parse(command, argc, argv, &arguments, stderr)) {
    case GW_PARSED_HELP:
        gw_help_command(command, stdout);
        return GW_EXIT_DONE;
    case GW_PARSED:
        return command->run(&arguments);
    case GW_PARSED_WRONG:
        break;
    }
    return GW_EXIT_USAGE;
}

static int unknown_command(const char *name) {
    struct gw_suggestion suggestion = {.word = name};
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal) {
            gw_suggest(&suggestion, gw_commands[i]->name);
        }
    }
    fprintf(stderr, "glosswire: there is no command '%s'", name);
    if (suggestion.best) {
        fprintf(stderr, "; did you mean %s?", suggestion.best);
    }
    fputs("\nTry: glosswire --help\n", stderr);
    return GW_EXIT_USAGE;
}

static bool is_option(const char *word, const char *letter, const char *name) {
    return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

static int dispatch(int argc, char **argv) {
    if (argc < 2) {
        gw_help_program(stderr);
        return GW_EXIT_USAGE;
    }
    if (is_option(argv[1], "-h", "--help")) {
        gw_help_program(stdout);
        return GW_EXIT_DONE;
    }
    const struct gw_command *command =
        is_option(argv[1], "-V", "--version") ? &gw_command_version : gw_command_find(argv[1]);
    return command ? run_command(command, argc - 1, argv + 1) : unknown_command(argv[1]);
}

/* A standard stream that was closed must not become some file or socket that is opened later: what stands in
 * for it can be neither read (0) nor written (1, 2), so that its user is told. */
static void hold_standard_streams(void) {
    int fd;
    do {
        fd = open("/dev/null", fcntl(STDIN_FILENO, F_GETFD) < 0 ? O_WRONLY : O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        close(fd);
    }
}

int main(int argc, char **argv) {
    hold_standard_streams();
    gw_output_init();
    return gw_output_finish(dispatch(argc, argv));
}
