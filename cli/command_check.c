/* glosswire check: is a configuration fit to be used? */
#include "cli/commands.h"
#include "cli/config_print.h"
#include "cli/online.h"
#include "cli/options.h"
#include "process/model.h"
#include "run/config/config_pages.h"
#include "run/gazetteer.h"
#include "run/model_path.h"

enum { PRINT, ONLINE, KEYS, SCHEMA };

static const struct gw_option options[] = {
    [PRINT] = {'p', "print", NULL, NULL, "show what is in effect, defaults included and secrets masked"},
    [ONLINE] = {'\0', "online", NULL, NULL, "also ask the Kafka brokers whether the topics are there"},
    [KEYS] = {'k', "keys", NULL, NULL,
              "list all keys with their defaults, or those that begin with the word that stands for FILE"},
    [SCHEMA] = {'s', "schema", NULL, NULL, "write the JSON Schema that editors complete and check files by"},
};

/* Model and gazetteers are files that a configuration names, so they are looked at, too. */
static int check_model(const struct gw_config *config, const char *path) {
    struct gw_error error;
    struct gw_model *model = NULL;
    struct gw_gazetteer *gazetteer = NULL;
    const char *key = "model";
    char found[PATH_MAX];
    enum gw_status status = gw_model_path_find(config->model, found, &error);
    if (status == GW_OK) {
        status = gw_model_open(found, &model, &error);
    }
    if (status == GW_OK) {
        key = "gazetteers";
        status = gw_gazetteer_open(config, model, &gazetteer, &error);
    }
    gw_gazetteer_close(gazetteer);
    gw_model_close(model);
    if (status != GW_OK) {
        fprintf(stderr, "%s: %s: %s\n", path, key, error.detail);
    }
    return status == GW_OK ? GW_EXIT_DONE : GW_EXIT_PARTLY;
}

/* One of the pages that are made from the table of keys. */
static int show_table(bool schema, const char *prefix) {
    struct gw_buffer page;
    gw_buffer_init(&page, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = schema ? gw_config_write_json_schema(&page) : gw_config_write_help(prefix, &page);
    if (status == GW_OK && page.size > 0) {
        fwrite(page.data, 1, page.size, stdout);
    } else {
        fprintf(stderr, "%s: %s\n", prefix ? prefix : "keys",
                status == GW_OK ? "no key begins so" : gw_status_text(status));
    }
    int code = status != GW_OK ? GW_EXIT_SYSTEM : (page.size > 0 ? GW_EXIT_DONE : GW_EXIT_PARTLY);
    gw_buffer_free(&page);
    return code;
}

static int run(const struct gw_arguments *arguments) {
    const char *path = arguments->operand_count > 0 ? arguments->operands[0] : NULL;
    if (gw_option_given(arguments, KEYS) || gw_option_given(arguments, SCHEMA)) {
        return show_table(gw_option_given(arguments, SCHEMA), path);
    }
    const char *shown = path ? path : "the embedded configuration";
    struct gw_config *config;
    struct gw_config_errors errors;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "check", -1);
    if (gw_config_load_file(path, &config, &errors) != GW_OK) {
        gw_config_print_errors(&errors, path, stderr);
        return GW_EXIT_PARTLY;
    }
    int code = check_model(config, shown);
    if (gw_option_given(arguments, ONLINE) && gw_online_check(config, shown, stderr) > 0) {
        code = GW_EXIT_PARTLY;
    }
    if (gw_option_given(arguments, PRINT)) {
        gw_config_print(config, stdout);
    } else if (code == GW_EXIT_DONE) {
        printf("%s: fine\n", shown);
    }
    gw_config_free(config);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire check glosswire.yaml", "every mistake as `file:line: key: message`"},
    {"glosswire check --print glosswire.yaml", "the configuration with all defaults filled in"},
    {"glosswire check --keys source.kafka", "what can be written below source.kafka"},
    {"glosswire check --online kafka.yaml", "whether its brokers can be reached, too"},
    {"glosswire check --print", "the embedded default, to begin one of your own with"},
};

const struct gw_command gw_command_check = {
    .name = "check",
    .summary = "find the mistakes in a configuration before it is used",
    .operands = "[FILE]",
    .operands_max = 1,
    .about = "Reads the configuration as `glosswire run` would and tells every mistake, each with its line, "
             "its key and what to write instead; the model is opened and the gazetteers are compiled, too. "
             "Nothing is connected to without "
             "--online. Exits with 0 when it is fine, with 1 when it is not. Without a file the embedded "
             "default is checked.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
