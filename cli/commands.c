/* The table of commands, and that of exit codes. */
#include "cli/commands.h"

#include <string.h>

const struct gw_command *const gw_commands[] = {
    /* first what is used most */
    &gw_command_run,
    &gw_command_annotate,
    &gw_command_send,
    &gw_command_tail,
    &gw_command_check,
    &gw_command_audit,
    &gw_command_replay,
    /* then what looks at glosswire itself */
    &gw_command_bench,
    &gw_command_model,
    &gw_command_schema,
    &gw_command_help,
    &gw_command_version,
    /* not for people */
    &gw_command_child,
    NULL,
};

const struct gw_exit_row gw_exit_rows[] = {
#define GW_EXIT_ROW(name, number, meaning) {name, meaning},
    GW_EXIT_TABLE(GW_EXIT_ROW)
#undef GW_EXIT_ROW
};
const size_t gw_exit_row_count = sizeof gw_exit_rows / sizeof gw_exit_rows[0];

const struct gw_command *gw_command_find(const char *name) {
    for (size_t i = 0; gw_commands[i]; i++) {
        if (strcmp(gw_commands[i]->name, name) == 0) {
            return gw_commands[i];
        }
    }
    return NULL;
}
