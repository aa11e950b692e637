/* glosswire check: is a configuration fit to be used? */
#include "cli/commands.h"
#include "cli/config_print.h"
#include "cli/options.h"
#include "process/model.h"
#include "run/model_path.h"

enum { PRINT };

static const struct gw_option options[] = {
    [PRINT] = {'p', "print", NULL, NULL, "show what is in effect, defaults included and secrets masked"},
};

/* The model is a file that a configuration names, so it is looked at, too. */
static int check_model(const struct gw_config *config, const char *path) {
    struct gw_error error;
    struct gw_model *model = NULL;
    char found[PATH_MAX];
    enum gw_status status = gw_model_path_find(config->model, found, &error);
    if (status == GW_OK) {
        status = gw_model_open(found, &model, &error);
    }
    gw_model_close(model);
    if (status != GW_OK) {
        fprintf(stderr, "%s: model: %s\n", path, error.detail);
    }
    return status == GW_OK ? GW_EXIT_DONE : GW_EXIT_PARTLY;
}

static int run(const struct gw_arguments *arguments) {
    const char *path = arguments->operand_count > 0 ? arguments->operands[0] : NULL;
    const char *shown = path ? path : "the embedded configuration";
    struct gw_config *config;
    struct gw_config_errors errors;
    if (gw_config_load_file(path, &config, &errors) != GW_OK) {
        gw_config_print_errors(&errors, path, stderr);
        return GW_EXIT_PARTLY;
    }
    int code = check_model(config, shown);
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
    {"glosswire check --print", "the embedded default, to begin one of your own with"},
};

const struct gw_command gw_command_check = {
    .name = "check",
    .summary = "find the mistakes in a configuration before it is used",
    .operands = "[FILE]",
    .operands_max = 1,
    .about = "Reads the configuration as `glosswire run` would and tells every mistake, each with its line, "
             "its key "
             "and what to write instead; the model is opened, too. Nothing is connected to. Exits with 0 "
             "when it is "
             "fine, with 1 when it is not. Without a file the embedded default is checked.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
