/* The help pages, the reference page, the manual page and the shell completion: all from the commands'
 * tables. */
#ifndef GW_CLI_HELP_H
#define GW_CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

/* Lines of help are at most so many columns wide. */
#define GW_HELP_COLUMNS 80

/* What `glosswire --help` shows. */
void gw_help_program(FILE *out);

/* What `glosswire COMMAND --help` shows. */
void gw_help_command(const struct gw_command *command, FILE *out);

/* docs/reference/cli.md. */
void gw_help_markdown(FILE *out);

/* glosswire(1), as scdoc source. */
void gw_help_manual(FILE *out);

/* A completion for bash. */
void gw_help_bash(FILE *out);

#endif
