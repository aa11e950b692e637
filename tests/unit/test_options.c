/* Command lines against a table. */
#include "cli/options.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

enum { CONFIG, FORM, LOUD, COUNT };

static const char *const forms[] = {"text", "json", NULL};

static const struct gw_option table[] = {
    [CONFIG] = {'c', "config", "FILE", NULL, "a file"},
    [FORM] = {'o', "output", "FORM", forms, "a form"},
    [LOUD] = {'l', "loud", NULL, NULL, "be loud"},
    [COUNT] = {'\0', "count", "N", NULL, "how many"},
};

static const struct gw_command command = {.name = "try",
                                          .operands = "FILE…",
                                          .operands_min = 1,
                                          .operands_max = 3,
                                          .options = table,
                                          .option_count = 4};

/* What a command line came to. */
struct tried {
    char *argv[12];
    struct gw_arguments arguments;
    enum gw_parsed parsed;
    char *errors;
    size_t errors_size;
};

static void try_words(struct tried *tried, const char *const *words) {
    int argc = 1;
    *tried = (struct tried){.argv = {(char *)"try"}};
    for (; words[argc - 1]; argc++) {
        tried->argv[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    FILE *errors = open_memstream(&tried->errors, &tried->errors_size);
    assert_non_null(errors);
    tried->parsed = gw_options_parse(&command, argc, tried->argv, &tried->arguments, errors);
    assert_int_equal(fclose(errors), 0);
}

#define TRY(tried, ...) try_words(tried, (const char *const[]){__VA_ARGS__, NULL})

static void done(struct tried *tried) {
    free(tried->errors);
}

static void expect_option(const struct tried *tried, size_t option, const char *value) {
    assert_non_null(tried->arguments.values[option]);
    assert_string_equal(tried->arguments.values[option], value);
}

static void values_follow_in_every_form(void **state) {
    (void)state;
    static const char *const forms_of_one[][3] = {
        {"--config", "x", NULL}, {"--config=x", NULL}, {"-c", "x", NULL}, {"-cx", NULL}, {"-lcx", NULL}};
    for (size_t i = 0; i < 5; i++) {
        struct tried tried;
        TRY(&tried, "a", forms_of_one[i][0], forms_of_one[i][1]);
        assert_int_equal(tried.parsed, GW_PARSED);
        expect_option(&tried, CONFIG, "x");
        assert_int_equal(tried.arguments.operand_count, 1);
        done(&tried);
    }
}

static void operands_stand_anywhere(void **state) {
    (void)state;
    struct tried tried;
    TRY(&tried, "one", "-l", "-", "--output", "json", "--", "--loud");
    assert_int_equal(tried.parsed, GW_PARSED);
    assert_int_equal(tried.arguments.operand_count, 3);
    assert_string_equal(tried.arguments.operands[0], "one");
    assert_string_equal(tried.arguments.operands[1], "-");
    assert_string_equal(tried.arguments.operands[2], "--loud");
    assert_true(gw_option_given(&tried.arguments, LOUD));
    assert_int_equal(gw_option_word(&tried.arguments, FORM, 0), 1);
    done(&tried);
}

static void what_is_not_given_has_a_default(void **state) {
    (void)state;
    struct tried tried;
    uint64_t count = 7;
    TRY(&tried, "one");
    assert_false(gw_option_given(&tried.arguments, CONFIG));
    assert_string_equal(gw_option_value(&tried.arguments, CONFIG, "none"), "none");
    assert_int_equal(gw_option_word(&tried.arguments, FORM, 5), 5);
    assert_true(gw_option_number(&tried.arguments, COUNT, 1, 9, &count, stderr));
    assert_int_equal(count, 7);
    done(&tried);
}

static void the_last_one_counts(void **state) {
    (void)state;
    struct tried tried;
    TRY(&tried, "one", "-c", "a", "-c", "b", "--config=");
    assert_int_equal(tried.parsed, GW_PARSED);
    expect_option(&tried, CONFIG, "");
    done(&tried);
}

static void help_goes_before_mistakes_in_operands(void **state) {
    (void)state;
    struct tried tried;
    TRY(&tried, "-lh");
    assert_int_equal(tried.parsed, GW_PARSED_HELP);
    assert_int_equal(tried.errors_size, 0);
    done(&tried);
}

struct mistake {
    const char *words[5];
    const char *said;
};

static const struct mistake mistakes[] = {
    {{"a", "--confg", "x"}, "unknown option --confg; did you mean --config?"},
    {{"a", "--loudd=1"}, "unknown option --loudd; did you mean --loud?"},
    {{"a", "--entirely-else"}, "unknown option --entirely-else\n"},
    {{"a", "-x"}, "unknown option -x"},
    {{"a", "-lx"}, "unknown option -x"},
    {{"a", "--config"}, "--config wants a value: --config FILE"},
    {{"a", "-c"}, "--config wants a value: --config FILE"},
    {{"a", "--loud=1"}, "--loud takes no value"},
    {{"a", "-o", "jsno"}, "--output is one of text, json; 'jsno' is none of them, did you mean json?"},
    {{"-l"}, "FILE… is missing"},
    {{"a", "b", "c", "d"}, "'d' is too much"},
};

static void mistakes_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct tried tried;
        try_words(&tried, mistakes[i].words);
        assert_int_equal(tried.parsed, GW_PARSED_WRONG);
        if (!strstr(tried.errors, mistakes[i].said) || strncmp(tried.errors, "glosswire try: ", 15) != 0) {
            fail_msg("'%s' was said, not '%s'", tried.errors, mistakes[i].said);
        }
        done(&tried);
    }
}

static void numbers_are_checked(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "", "x", "1x", "-1", "+1", " 1", "0", "11", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct tried tried;
        uint64_t number = 3;
        TRY(&tried, "a", "--count", wrong[i]);
        FILE *nowhere = fopen("/dev/null", "w");
        assert_false(gw_option_number(&tried.arguments, COUNT, 1, 10, &number, nowhere));
        assert_int_equal(number, 3);
        fclose(nowhere);
        done(&tried);
    }
    struct tried tried;
    uint64_t number;
    TRY(&tried, "a", "--count=10");
    assert_true(gw_option_number(&tried.arguments, COUNT, 1, 10, &number, stderr));
    assert_int_equal(number, 10);
    done(&tried);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_follow_in_every_form),
        cmocka_unit_test(operands_stand_anywhere),
        cmocka_unit_test(what_is_not_given_has_a_default),
        cmocka_unit_test(the_last_one_counts),
        cmocka_unit_test(help_goes_before_mistakes_in_operands),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(numbers_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
