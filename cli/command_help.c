/* glosswire help: the pages that are made from the tables. */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"

enum { OPTION_OUTPUT };

static const char *const outputs[] = {"text", "markdown", "manual", "bash", NULL};
enum { TEXT };

static const struct gw_option options[] = {
    [OPTION_OUTPUT] = {'o', "output", "FORM", outputs, "the form of the whole help"},
};

/* In the order of `outputs`. */
static void (*const pages[])(FILE *out) = {gw_help_program, gw_help_markdown, gw_help_manual, gw_help_bash};

static int run(const struct gw_arguments *arguments) {
    size_t form = gw_option_word(arguments, OPTION_OUTPUT, TEXT);
    if (arguments->operand_count == 0) {
        pages[form](stdout);
        return GW_EXIT_DONE;
    }
    const struct gw_command *command = gw_command_find(arguments->operands[0]);
    if (!command || !command->about) {
        fprintf(stderr, "glosswire help: there is no page about '%s'\n", arguments->operands[0]);
        return GW_EXIT_USAGE;
    }
    gw_help_command(command, stdout);
    return GW_EXIT_DONE;
}

static const struct gw_example examples[] = {
    {"glosswire help annotate", "the page of one command"},
    {"glosswire help -o manual | scdoc > glosswire.1", "the manual page"},
    {"source <(glosswire help -o bash)", "completion of commands and options in this shell"},
};

const struct gw_command gw_command_help = {
    .name = "help",
    .summary = "show the help of one command or of all",
    .operands = "[COMMAND]",
    .operands_max = 1,
    .about =
        "Shows what `glosswire COMMAND --help` shows. Without a command the whole help, in the form that "
        "--output names: text for the terminal, markdown for the web, manual for scdoc, bash for the "
        "shell's completion.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
