/* What a command is: one table of its options gives its parser, its help, its manual and its completion. */
#ifndef GW_CLI_COMMAND_H
#define GW_CLI_COMMAND_H

#include "run/exit_codes.h"

#include <stdbool.h>
#include <stddef.h>

/* Tables are constant and their strings static. */
struct gw_option {
    char letter;              /* '\0': it has none */
    const char *name;         /* without the dashes */
    const char *value;        /* how its value is called in the help ("FILE"); NULL: a switch; an ellipsis at
                                 its end: may be given several times, as one option of a command at most */
    const char *const *words; /* all values that are allowed, ended by NULL; NULL: any */
    const char *help;         /* a phrase, without a final full stop */
};

struct gw_example {
    const char *line; /* what to type */
    const char *meaning;
};

/* The most options of one command. */
#define GW_OPTIONS_MAX 24

/* How often an option that repeats may be given. */
#define GW_REPEATS_MAX 64

/* What was typed. Strings are the program's arguments. */
struct gw_arguments {
    const struct gw_command *command;
    const char
        *values[GW_OPTIONS_MAX]; /* in the order of the table; NULL: not given; "": a switch that was */
    const char *repeated[GW_REPEATS_MAX]; /* all values of the option that repeats */
    size_t repeated_count;
    char **operands;
    size_t operand_count;
};

struct gw_command {
    const char *name;
    const char *summary;  /* one line, in the imperative */
    const char *operands; /* as in the usage line ("FILE…|-"); NULL: none are taken */
    size_t operands_min, operands_max;
    const char *about;               /* paragraphs, parted by line feeds */
    const struct gw_option *options; /* besides --help, which each command has */
    size_t option_count;
    const struct gw_example *examples;
    size_t example_count;
    int (*run)(const struct gw_arguments *arguments); /* returns an exit code */
    int (*run_bare)(int argc, char **argv);           /* instead: parses its own; argv[0] is its name */
    bool internal;                                    /* is not for people, and not shown to them */
};

/* All commands, in the order of the help, ended by NULL. */
extern const struct gw_command *const gw_commands[];

/* NULL when there is none of this name. */
const struct gw_command *gw_command_find(const char *name);

struct gw_exit_row {
    int code;
    const char *meaning;
};

extern const struct gw_exit_row gw_exit_rows[];
extern const size_t gw_exit_row_count;

#endif
