/* One pass over the words; operands are moved to the front as they are met. */
#include "cli/options.h"

#include "run/suggest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct gw_option help_option = {'h', "help", NULL, NULL, "show this page"};

struct parse {
    const struct gw_command *command;
    struct gw_arguments *arguments;
    char **argv;
    int argc, at;
    FILE *errors;
    bool help;
};

static bool wrong_usage(const struct gw_command *command, FILE *errors) {
    fprintf(errors, "Try: glosswire %s --help\n", command->name);
    return false;
}

static const struct gw_option *find_letter(const struct gw_command *command, char letter) {
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].letter == letter) {
            return &command->options[i];
        }
    }
    return letter == help_option.letter ? &help_option : NULL;
}

/* `size` is that of the name, which may be followed by '='. */
static const struct gw_option *find_name(const struct gw_command *command, const char *name, size_t size) {
    for (size_t i = 0; i <= command->option_count; i++) {
        const struct gw_option *option = i < command->option_count ? &command->options[i] : &help_option;
        if (strlen(option->name) == size && strncmp(option->name, name, size) == 0) {
            return option;
        }
    }
    return NULL;
}

static bool unknown_name(const struct parse *parse, const char *name, size_t size) {
    char word[GW_SUGGEST_WORD_MAX + 1];
    snprintf(word, sizeof word, "%.*s", (int)size, name);
    struct gw_suggestion suggestion = {.word = word};
    for (size_t i = 0; i < parse->command->option_count; i++) {
        gw_suggest(&suggestion, parse->command->options[i].name);
    }
    gw_suggest(&suggestion, help_option.name);
    fprintf(parse->errors, "glosswire %s: unknown option --%.*s", parse->command->name, (int)size, name);
    if (suggestion.best) {
        fprintf(parse->errors, "; did you mean --%s?", suggestion.best);
    }
    fputc('\n', parse->errors);
    return wrong_usage(parse->command, parse->errors);
}

static bool is_word_of(const struct gw_option *option, const char *value) {
    for (size_t i = 0; option->words[i]; i++) {
        if (strcmp(option->words[i], value) == 0) {
            return true;
        }
    }
    return false;
}

static bool wrong_word(const struct parse *parse, const struct gw_option *option, const char *value) {
    struct gw_suggestion suggestion = {.word = value};
    fprintf(parse->errors, "glosswire %s: --%s is one of", parse->command->name, option->name);
    for (size_t i = 0; option->words[i]; i++) {
        gw_suggest(&suggestion, option->words[i]);
        fprintf(parse->errors, "%s %s", i > 0 ? "," : "", option->words[i]);
    }
    fprintf(parse->errors, "; '%s' is none of them", value);
    if (suggestion.best) {
        fprintf(parse->errors, ", did you mean %s?", suggestion.best);
    }
    fputc('\n', parse->errors);
    return false;
}

static bool repeats(const struct gw_option *option) {
    const char *end = option->value ? strstr(option->value, "…") : NULL;
    return end && end[sizeof "…" - 1] == '\0';
}

static bool store_repeated(struct parse *parse, const struct gw_option *option, const char *value) {
    struct gw_arguments *arguments = parse->arguments;
    if (arguments->repeated_count == GW_REPEATS_MAX) {
        fprintf(parse->errors, "glosswire %s: --%s is given more than %d times\n", parse->command->name,
                option->name, GW_REPEATS_MAX);
        return false;
    }
    arguments->repeated[arguments->repeated_count++] = value;
    return true;
}

static bool store(struct parse *parse, const struct gw_option *option, const char *value) {
    if (option == &help_option) {
        parse->help = true;
        return true;
    }
    if (option->words && !is_word_of(option, value)) {
        return wrong_word(parse, option, value);
    }
    parse->arguments->values[option - parse->command->options] = value;
    return !repeats(option) || store_repeated(parse, option, value);
}

/* The value of an option that takes one, from the next word. */
static bool take_next(struct parse *parse, const struct gw_option *option, const char **value) {
    if (parse->at + 1 >= parse->argc) {
        fprintf(parse->errors, "glosswire %s: --%s wants a value: --%s %s\n", parse->command->name,
                option->name, option->name, option->value);
        return wrong_usage(parse->command, parse->errors);
    }
    *value = parse->argv[++parse->at];
    return true;
}

static bool parse_name(struct parse *parse, const char *name) {
    size_t size = strcspn(name, "=");
    const char *value = name[size] == '=' ? name + size + 1 : NULL;
    const struct gw_option *option = find_name(parse->command, name, size);
    if (!option) {
        return unknown_name(parse, name, size);
    }
    if (!option->value && value) {
        fprintf(parse->errors, "glosswire %s: --%s takes no value\n", parse->command->name, option->name);
        return wrong_usage(parse->command, parse->errors);
    }
    if (option->value && !value && !take_next(parse, option, &value)) {
        return false;
    }
    return store(parse, option, value ? value : "");
}

static bool parse_letters(struct parse *parse, const char *letters) {
    for (; *letters; letters++) {
        const struct gw_option *option = find_letter(parse->command, *letters);
        const char *value = letters + 1;
        if (!option) {
            fprintf(parse->errors, "glosswire %s: unknown option -%c\n", parse->command->name, *letters);
            return wrong_usage(parse->command, parse->errors);
        }
        if (!option->value) {
            if (!store(parse, option, "")) {
                return false;
            }
            continue;
        }
        return (*value || take_next(parse, option, &value)) && store(parse, option, value);
    }
    return true;
}

static bool check_operands(const struct parse *parse) {
    const struct gw_command *command = parse->command;
    const struct gw_arguments *arguments = parse->arguments;
    if (arguments->operand_count < command->operands_min) {
        fprintf(parse->errors, "glosswire %s: %s is missing\n", command->name, command->operands);
        return wrong_usage(command, parse->errors);
    }
    if (arguments->operand_count > command->operands_max) {
        fprintf(parse->errors, "glosswire %s: '%s' is too much\n", command->name,
                arguments->operands[command->operands_max]);
        return wrong_usage(command, parse->errors);
    }
    return true;
}

static bool parse_word(struct parse *parse) {
    char *word = parse->argv[parse->at];
    if (word[0] == '-' && word[1] == '-') {
        return parse_name(parse, word + 2);
    }
    if (word[0] == '-' && word[1] != '\0') {
        return parse_letters(parse, word + 1);
    }
    /* This goes over words that have been parsed. */
    parse->arguments->operands[parse->arguments->operand_count++] = word;
    return true;
}

enum gw_parsed gw_options_parse(const struct gw_command *command, int argc, char **argv,
                                struct gw_arguments *arguments, FILE *errors) {
    *arguments = (struct gw_arguments){.command = command, .operands = argv + 1};
    struct parse parse = {
        .command = command, .arguments = arguments, .argv = argv, .argc = argc, .at = 1, .errors = errors};
    bool only_operands = false;
    for (; parse.at < argc; parse.at++) {
        if (only_operands) {
            arguments->operands[arguments->operand_count++] = argv[parse.at];
        } else if (strcmp(argv[parse.at], "--") == 0) {
            only_operands = true;
        } else if (!parse_word(&parse)) {
            return GW_PARSED_WRONG;
        }
    }
    if (parse.help) {
        return GW_PARSED_HELP;
    }
    return check_operands(&parse) ? GW_PARSED : GW_PARSED_WRONG;
}

size_t gw_option_word(const struct gw_arguments *arguments, size_t option, size_t otherwise) {
    const char *const *words = arguments->command->options[option].words;
    for (size_t i = 0; arguments->values[option] && words[i]; i++) {
        if (strcmp(words[i], arguments->values[option]) == 0) {
            return i;
        }
    }
    return otherwise;
}

bool gw_option_number(const struct gw_arguments *arguments, size_t option, uint64_t min, uint64_t max,
                      uint64_t *out, FILE *errors) {
    const char *value = arguments->values[option];
    char *end;
    if (!value) {
        return true;
    }
    errno = 0;
    uint64_t number = strtoull(value, &end, 10);
    /* strtoull alone would take white space and a sign. */
    if (value[0] < '0' || value[0] > '9' || *end || errno || number < min || number > max) {
        fprintf(errors, "glosswire %s: --%s is a number from %" PRIu64 " to %" PRIu64 ", not '%s'\n",
                arguments->command->name, arguments->command->options[option].name, min, max, value);
        return false;
    }
    *out = number;
    return true;
}
