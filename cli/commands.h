/* The commands, each in a file of its own: command_NAME.c. */
#ifndef GW_CLI_COMMANDS_H
#define GW_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct gw_command gw_command_annotate;
extern const struct gw_command gw_command_audit;
extern const struct gw_command gw_command_bench;
extern const struct gw_command gw_command_check;
extern const struct gw_command gw_command_child;
extern const struct gw_command gw_command_help;
extern const struct gw_command gw_command_model;
extern const struct gw_command gw_command_replay;
extern const struct gw_command gw_command_schema;
extern const struct gw_command gw_command_send;
extern const struct gw_command gw_command_tail;
extern const struct gw_command gw_command_run;
extern const struct gw_command gw_command_version;

#endif
