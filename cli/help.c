/* Help for the terminal. */
#include "cli/help.h"

#include <string.h>

/* The program's own options, which stand before a command. */
static const struct gw_option program_options[] = {
    {'h', "help", NULL, NULL, "show this page"},
    {'V', "version", NULL, NULL, "show the version"},
};

/* Columns of UTF-8 text without wide characters, which help has none of. */
static size_t columns_of(const char *text, size_t size) {
    size_t columns = 0;
    for (size_t i = 0; i < size; i++) {
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return columns;
}

/* Fills lines from `column` on, which is where the first word goes; later lines begin at `indent`. Ends the
 * last line. A line feed in the text ends a line. */
static void fill(FILE *out, const char *text, size_t column, size_t indent) {
    size_t start = column;
    while (*text) {
        size_t size = strcspn(text, " \n");
        size_t columns = columns_of(text, size);
        if (column > start && column + 1 + columns > GW_HELP_COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = start = indent;
        }
        fprintf(out, "%s%.*s", column > start ? " " : "", (int)size, text);
        column += columns + (column > start);
        text += size;
        if (*text == '\n') {
            fprintf(out, "\n%*s", text[1] ? (int)indent : 0, "");
            column = start = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

/* "-c, --config FILE", and how many columns that takes. */
static size_t print_option_name(const struct gw_option *option, FILE *out) {
    int size = option->letter ? fprintf(out, "  -%c, --%s", option->letter, option->name)
                              : fprintf(out, "      --%s", option->name);
    size_t columns = size < 0 ? 0 : (size_t)size;
    if (option->value) {
        fprintf(out, " %s", option->value);
        columns += 1 + columns_of(option->value, strlen(option->value));
    }
    return columns;
}

#define OPTION_INDENT ((size_t)26)

static void print_option(const struct gw_option *option, FILE *out) {
    size_t columns = print_option_name(option, out);
    if (columns + 2 > OPTION_INDENT) {
        fprintf(out, "\n%*s", (int)OPTION_INDENT, "");
    } else {
        fprintf(out, "%*s", (int)(OPTION_INDENT - columns), "");
    }
    char text[1024];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", option->help);
    for (size_t i = 0; option->words && option->words[i] && size < sizeof text; i++) {
        size +=
            (size_t)snprintf(text + size, sizeof text - size, "%s%s", i > 0 ? ", " : ": ", option->words[i]);
    }
    fill(out, text, OPTION_INDENT, OPTION_INDENT);
}

static void print_options(const struct gw_option *options, size_t count, FILE *out) {
    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < count; i++) {
        print_option(&options[i], out);
    }
}

void gw_help_command(const struct gw_command *command, FILE *out) {
    static const struct gw_option help = {'h', "help", NULL, NULL, "show this page"};
    fprintf(out, "glosswire %s: %s\n\nUsage: glosswire %s [OPTION…]%s%s\n\n", command->name, command->summary,
            command->name, command->operands ? " " : "", command->operands ? command->operands : "");
    fill(out, command->about, 0, 0);
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < command->example_count; i++) {
        fprintf(out, "  %s\n      ", command->examples[i].line);
        fill(out, command->examples[i].meaning, 6, 6);
    }
    print_options(command->options, command->option_count, out);
    print_option(&help, out);
}

static void print_exit_codes(FILE *out) {
    fputs("\nExit codes:\n", out);
    for (size_t i = 0; i < gw_exit_row_count; i++) {
        fprintf(out, "  %d  ", gw_exit_rows[i].code);
        fill(out, gw_exit_rows[i].meaning, 5, 5);
    }
}

void gw_help_program(FILE *out) {
    fputs("glosswire: annotate news with entities and sentiment, as a stream\n\n"
          "Usage: glosswire COMMAND [OPTION…] [FILE…]\n\nCommands:\n",
          out);
    for (size_t i = 0; gw_commands[i]; i++) {
        if (!gw_commands[i]->internal) {
            fprintf(out, "  %-10s", gw_commands[i]->name);
            fill(out, gw_commands[i]->summary, 12, 12);
        }
    }
    fputs("\nExamples:\n"
          "  echo 'Ministers in Lima praised the ceasefire.' | glosswire annotate -\n"
          "      what glosswire finds in one sentence\n"
          "  glosswire run\n"
          "      take articles on tcp://127.0.0.1:5555, give records on tcp://127.0.0.1:5556\n"
          "  glosswire annotate --help\n"
          "      what one command can do\n",
          out);
    print_options(program_options, sizeof program_options / sizeof program_options[0], out);
    print_exit_codes(out);
}
