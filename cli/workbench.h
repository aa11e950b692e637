/* What it takes to annotate articles outside of a pipeline: configuration, model, enricher. */
#ifndef GW_CLI_WORKBENCH_H
#define GW_CLI_WORKBENCH_H

#include "run/enrich.h"

struct gw_workbench {
    struct gw_config *config;
    struct gw_model *model;
    struct gw_gazetteer *gazetteer;
    struct gw_enrich_settings settings;
    struct gw_enricher *enricher;
};

/* Loads configuration, model and gazetteers. Paths may be NULL: the embedded default, and the model that lies
 * beside the program. The settings may then be changed until gw_workbench_ready. Returns an exit code; what
 * is wrong is said on stderr. Close it in any case. */
int gw_workbench_open(struct gw_workbench *bench, const char *config_path, const char *model_path);

/* Makes the enricher. Returns an exit code, as above. */
int gw_workbench_ready(struct gw_workbench *bench);

/* Safe on a zeroed one. */
void gw_workbench_close(struct gw_workbench *bench);

#endif
