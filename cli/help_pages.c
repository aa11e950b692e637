/* Help for reading elsewhere: Markdown, scdoc and bash. */
#include "cli/help.h"

#include <string.h>

#define GENERATED "made by `glosswire help` from the tables in cli/"

static void markdown_options(const struct gw_command *command, FILE *out) {
    if (command->option_count == 0) {
        return;
    }
    fputs("\n| option | meaning |\n|---|---|\n", out);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct gw_option *option = &command->options[i];
        fputs("| `", out);
        if (option->letter) {
            fprintf(out, "-%c`, `", option->letter);
        }
        fprintf(out, "--%s%s%s` | %s", option->name, option->value ? " " : "",
                option->value ? option->value : "", option->help);
        for (size_t j = 0; option->words && option->words[j]; j++) {
            fprintf(out, "%s`%s`", j > 0 ? ", " : ": ", option->words[j]);
        }
        fputs(" |\n", out);
    }
}

/* Paragraphs are parted by one line feed in the table, by two in Markdown and scdoc. */
static void paragraphs(const char *text, FILE *out) {
    for (; *text; text++) {
        fputs(*text == '\n' ? "\n\n" : (char[]){*text, '\0'}, out);
    }
    fputc('\n', out);
}

static void markdown_command(const struct gw_command *command, FILE *out) {
    fprintf(out, "\n## glosswire %s\n\n`glosswire %s [OPTION…]%s%s`: %s.\n\n", command->name, command->name,
            command->operands ? " " : "", command->operands ? command->operands : "", command->summary);
    paragraphs(command->about, out);
    fputs("\n```sh\n", out);
    for (size_t i = 0; i < command->example_count; i++) {
        fprintf(out, "%s# %s\n%s\n", i > 0 ? "\n" : "", command->examples[i].meaning,
                command->examples[i].line);
    }
    fputs("```\n", out);
    markdown_options(command, out);
}

void gw_help_markdown(FILE *out) {
    fputs("<!-- " GENERATED " -->\n# Commands\n\n", out);
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal) {
            fprintf(out, "- [`glosswire %s`](#glosswire-%s): %s\n", gw_commands[i]->name,
                    gw_commands[i]->name, gw_commands[i]->summary);
        }
    }
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal && gw_commands[i]->about) {
            markdown_command(gw_commands[i], out);
        }
    }
    fputs("\n## Exit codes\n\n| code | meaning |\n|---|---|\n", out);
    for (size_t i = 0; i < gw_exit_row_count; i++) {
        fprintf(out, "| %d | %s |\n", gw_exit_rows[i].code, gw_exit_rows[i].meaning);
    }
}

/* scdoc takes '_', '*' and '\\' for markup. */
static void manual_text(const char *text, FILE *out) {
    for (; *text; text++) {
        if (strchr("_*\\", *text)) {
            fputc('\\', out);
        }
        fputs(*text == '\n' ? "\n\n" : (char[]){*text, '\0'}, out);
    }
}

static void manual_option(const struct gw_option *option, FILE *out) {
    fputs("*", out);
    if (option->letter) {
        fprintf(out, "-%c*, *", option->letter);
    }
    fprintf(out, "--%s*", option->name);
    if (option->value) {
        fputs(" _", out);
        fputs(option->value, out);
        fputs("_", out);
    }
    fputs("\n\t", out);
    manual_text(option->help, out);
    for (size_t i = 0; option->words && option->words[i]; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : ": ", option->words[i]);
    }
    fputs(".\n\n", out);
}

static void manual_command(const struct gw_command *command, FILE *out) {
    fprintf(out, "## glosswire %s [OPTION…]%s%s\n\n", command->name, command->operands ? " " : "",
            command->operands ? command->operands : "");
    manual_text(command->about, out);
    fputs("\n\n", out);
    for (size_t i = 0; i < command->option_count; i++) {
        manual_option(&command->options[i], out);
    }
}

void gw_help_manual(FILE *out) {
    fputs("glosswire(1)\n\n; " GENERATED "\n\n"
          "# NAME\n\nglosswire - annotate news with entities and sentiment, as a stream\n\n"
          "# SYNOPSIS\n\n*glosswire* _COMMAND_ [OPTION…] [FILE…]\n\n# COMMANDS\n\n",
          out);
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal && gw_commands[i]->about) {
            manual_command(gw_commands[i], out);
        }
    }
    fputs("# EXIT STATUS\n\n", out);
    for (size_t i = 0; i < gw_exit_row_count; i++) {
        fprintf(out, "*%d*\n\t", gw_exit_rows[i].code);
        manual_text(gw_exit_rows[i].meaning, out);
        fputs(".\n\n", out);
    }
    fputs("# EXAMPLES\n\n", out);
    for (size_t i = 0; gw_commands[i]; i++) {
        for (size_t j = 0; !gw_commands[i]->internal && j < gw_commands[i]->example_count; j++) {
            manual_text(gw_commands[i]->examples[j].meaning, out);
            fprintf(out, ":\n\n\t%s\n\n", gw_commands[i]->examples[j].line);
        }
    }
}

static void bash_options(const struct gw_command *command, FILE *out) {
    fprintf(out, "        %s) options='--help", command->name);
    for (size_t i = 0; i < command->option_count; i++) {
        fprintf(out, " --%s", command->options[i].name);
    }
    fputs("' ;;\n", out);
}

static void bash_words(const struct gw_command *command, FILE *out) {
    for (size_t i = 0; i < command->option_count; i++) {
        const struct gw_option *option = &command->options[i];
        if (!option->words) {
            continue;
        }
        fprintf(out, "        '%s --%s') words='", command->name, option->name);
        for (size_t j = 0; option->words[j]; j++) {
            fprintf(out, "%s%s", j > 0 ? " " : "", option->words[j]);
        }
        fputs("' ;;\n", out);
    }
}

void gw_help_bash(FILE *out) {
    fputs("# bash completion for glosswire, " GENERATED "\n"
          "_glosswire() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= words=\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        mapfile -t COMPREPLY < <(compgen -W '--help --version",
          out);
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal) {
            fprintf(out, " %s", gw_commands[i]->name);
        }
    }
    fputs("' -- \"$word\")\n        return\n    fi\n    case \"${COMP_WORDS[1]} $before\" in\n", out);
    for (size_t i = 0; gw_commands[i]; i++) {
        bash_words(gw_commands[i], out);
    }
    fputs("    esac\n    case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal) {
            bash_options(gw_commands[i], out);
        }
    }
    fputs("    esac\n"
          "    if [[ -n $words ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "    elif [[ $word == -* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
          "    else\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
          "    fi\n"
          "}\n"
          "complete -o filenames -F _glosswire glosswire\n",
          out);
}
