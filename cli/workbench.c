/* The same settings and the same steps as a worker's. */
#include "cli/workbench.h"

#include "run/exit_codes.h"
#include "run/model_path.h"

static int refuse(const struct gw_error *error) {
    fprintf(stderr, "glosswire: %s\n", error->detail);
    return GW_EXIT_CANNOT_START;
}

int gw_workbench_open(struct gw_workbench *bench, const char *config_path, const char *model_path) {
    struct gw_config_errors errors;
    struct gw_error error;
    char found[PATH_MAX];
    *bench = (struct gw_workbench){0};
    if (gw_config_load_file(config_path, &bench->config, &errors) != GW_OK) {
        gw_config_print_errors(&errors, config_path, stderr);
        return GW_EXIT_CANNOT_START;
    }
    if (gw_model_path_find(model_path ? model_path : bench->config->model, found, &error) != GW_OK ||
        gw_model_open(found, &bench->model, &error) != GW_OK ||
        gw_gazetteer_open(bench->config, bench->model, &bench->gazetteer, &error) != GW_OK) {
        return refuse(&error);
    }
    gw_enrich_configure(&bench->settings, bench->config, bench->model, bench->gazetteer);
    bench->settings.letter_payload_max = SIZE_MAX;
    return GW_EXIT_DONE;
}

int gw_workbench_ready(struct gw_workbench *bench) {
    struct gw_error error;
    return gw_enricher_open(&bench->settings, &bench->enricher, &error) == GW_OK ? GW_EXIT_DONE
                                                                                 : refuse(&error);
}

void gw_workbench_close(struct gw_workbench *bench) {
    gw_enricher_close(bench->enricher);
    gw_gazetteer_close(bench->gazetteer);
    gw_model_close(bench->model);
    gw_config_free(bench->config);
}
