/* Parsing a command line against a command's table. */
#ifndef GW_CLI_OPTIONS_H
#define GW_CLI_OPTIONS_H

#include "cli/command.h"

#include <stdint.h>
#include <stdio.h>

enum gw_parsed {
    GW_PARSED,      /* the arguments are set */
    GW_PARSED_HELP, /* --help was asked for */
    GW_PARSED_WRONG /* `errors` says what is wrong and what to do */
};

/* Takes -x, -xVALUE, -x VALUE, several switches in one word, --name, --name=VALUE and --name VALUE, anywhere
 * among the operands; what stands behind "--" is an operand, and so is "-". The last one of an option given
 * twice counts, and all of one that repeats. argv[0] is the command's name; operands are gathered at argv's
 * begin, over what was parsed, and the arguments point into it. */
enum gw_parsed gw_options_parse(const struct gw_command *command, int argc, char **argv,
                                struct gw_arguments *arguments, FILE *errors);

/* The value of an option, or `otherwise` when it was not given. `option` is its place in the table. */
static inline const char *gw_option_value(const struct gw_arguments *arguments, size_t option,
                                          const char *otherwise) {
    return arguments->values[option] ? arguments->values[option] : otherwise;
}

static inline bool gw_option_given(const struct gw_arguments *arguments, size_t option) {
    return arguments->values[option] != NULL;
}

/* Which of its words an option's value is; `otherwise` when it was not given. */
size_t gw_option_word(const struct gw_arguments *arguments, size_t option, size_t otherwise);

/* A whole number from `min` to `max`. When the value is none, says so on `errors` and returns false; *out is
 * left alone when the option was not given. */
bool gw_option_number(const struct gw_arguments *arguments, size_t option, uint64_t min, uint64_t max,
                      uint64_t *out, FILE *errors);

#endif
