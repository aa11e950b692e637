/* Fingerprints, language, quotations. */
#include "process/document/fingerprint.h"
#include "process/document/language.h"
#include "process/document/language_words.h"
#include "process/document/notice_words.h"
#include "process/document/quotes.h"
#include "unit/process_bench.h"

static int distance(const char *a, const char *b) {
    struct gw_text left = bench_text(NULL, a), right = bench_text(NULL, b);
    return __builtin_popcountll(gw_fingerprint_similar(&left) ^ gw_fingerprint_similar(&right));
}

static const char flood[] = "Heavy rain flooded the lower town on Friday and closed both bridges over the "
                            "river for most of the night. The "
                            "mayor asked people to stay at home until the water falls, and schools will open "
                            "again on Monday at the earliest, "
                            "her office said. Nobody was hurt, but cellars in four streets are full of mud "
                            "and two shops lost all their goods.";

static void test_simhash_follows_the_text(void **state) {
    (void)state;
    char changed[sizeof flood];
    memcpy(changed, flood, sizeof flood);
    memcpy(strstr(changed, "Friday"), "Sunday", 6);
    assert_int_equal(distance(flood, flood), 0);
    assert_in_range(distance(flood, changed), 0, 16);
    assert_in_range(
        distance(flood, "The central bank left its rate where it was, as nearly everybody who follows it had "
                        "expected, and its governor told reporters that prices may rise a little more slowly "
                        "in spring than they did in the past year, though nobody can be sure of that now."),
        18, 46);
    assert_int_equal(distance("one two three four", "ONE two, “three” four!"), 0);
    assert_int_equal(distance("", " "), 0);
    assert_int_not_equal(distance("one two", "two one two"), 0);
}

/* One story's paragraphs, and what an outlet puts around them. */
#define PIER                                                                                                 \
    "Engineers found cracks in four of the nine pillars that carry the old wooden pier, and they closed it " \
    "to visitors and to the small ferry that calls there twice a day from the island of Lower Harren.\n\n"   \
    "The pillars were last replaced after a winter storm forty years ago. Since then salt and worms have "   \
    "eaten into the oak, and a survey by the county showed that two of them have lost half their width. "    \
    "Repairs would cost about three million euros, which the town of Harren does not have.\n\n"              \
    "Mayor Ilse Brandt asked the county to pay for the work. She told the council that the pier earns "      \
    "most of what the town lives on in summer, and that a second summer without it would close hotels.\n\n"  \
    "A group of fishermen offered to drive new pillars themselves with a borrowed barge. The county "        \
    "answered that nobody may work on the pier before its engineers have measured the ground below it.\n\n"  \
    "The ferry will call at the fish market until the autumn, where there is no shelter from the rain."

static void test_notice_words_are_found_by_their_hash(void **state) {
    (void)state;
    unsigned count = 0;
    for (unsigned i = 0; i < GW_NOTICE_PLACES; i++) {
        const struct gw_notice_word *row = &gw_notice_words[i];
        if (row->word) {
            assert_true(row->hash == gw_hash64(gw_str_from(row->word)));
            assert_true(gw_is_notice_word(row->hash));
            assert_false(gw_is_notice_word(row->hash ^ 1));
            count++;
        }
    }
    assert_true(count > 0);
    assert_true(gw_hash64(GW_STR("by")) == GW_BY_HASH);
    assert_false(gw_is_notice_word(gw_hash64(GW_STR("bridge"))));
    assert_false(gw_is_notice_word(0));
}

/* The lead has no vote however long it is, and whatever stands in front of it. */
static void test_simhash_is_blind_to_the_lead(void **state) {
    (void)state;
    static const char *const leads[] = {"The pier of Harren is closed.\n\n",
                                        "By Maria Lindqvist, Harren Courier\n\nRotten pillars have ended the "
                                        "season of the pier of Harren.\n\n",
                                        "HARREN\n\nDivers who looked below the pier of Harren for the first "
                                        "time in ten years came up with bad "
                                        "news: the oak is soft, the iron is gone, and nobody can say why it "
                                        "still stands at all after the storms "
                                        "of the winter, the worst in memory, which broke the sea wall in "
                                        "three places and carried off a crane.\n\n"};
    char first[sizeof PIER + 600], other[sizeof PIER + 600];
    snprintf(first, sizeof first, "%s%s", leads[0], PIER);
    for (size_t i = 1; i < sizeof leads / sizeof *leads; i++) {
        snprintf(other, sizeof other, "%s%s", leads[i], PIER);
        assert_int_equal(distance(first, other), 0);
    }
}

static void test_simhash_of_a_story_that_is_taken_over(void **state) {
    (void)state;
    static const char given[] =
        "HARREN – The pier of Harren was closed on Tuesday until further notice after divers had seen that "
        "its "
        "pillars are rotten, the county said in a short statement that left many questions open in a town "
        "which waits for its guests.\n\n" PIER;
    static const char taken_over[] =
        "No ferry and no walks above the water: for this summer at least the best known sight of the coast "
        "is "
        "shut, as officials announced this week. Our reporter went to see how people take the news and what "
        "is "
        "to become of the season now that all hope is gone.\n\nADVERTISEMENT\n\n" PIER
        "\n\nRead more: Ten walks by the sea\n\nSign up for our newsletter and get the news of the coast in "
        "your inbox every morning before breakfast.";
    static const char another[] =
        "Harren's hotels fear for their summer. Since the county closed the pier on Tuesday, a third of the "
        "rooms that were booked for July have been given back, says the owner of the largest house at the "
        "beach, who has called a meeting of all landlords for Friday evening.\n\n"
        "He wants the town to lend them money. Mayor Ilse Brandt is against it: the treasury is empty, she "
        "says, and loans would only put off the end of houses that no longer pay. Instead guests should be "
        "taken to the island of Lower Harren by bus and boat from the next port.\n\n"
        "Some landlords have begun to lower their prices. Others hope for people from the cities who come "
        "for "
        "the air and not for the pier, and who do not mind that the ferry now lands at the fish market in "
        "the "
        "rain. How long the repairs to the pillars will take, the county's engineers cannot yet say.";
    assert_in_range(distance(given, taken_over), 0, 6);
    assert_in_range(distance(given, another), 15, 64);
}

static void test_simhash_of_lines_broken_to_a_width(void **state) {
    (void)state;
    char wrapped[] = PIER "\n\n" PIER;
    size_t column = 0;
    for (char *c = wrapped; *c; c++) {
        column = *c == '\n' ? 0 : column + 1;
        if (*c == ' ' && column > 60) {
            *c = '\n';
            column = 0;
        }
    }
    assert_int_equal(distance(PIER "\n\n" PIER, wrapped), 0);
}

static void test_content_hash_knows_title_from_body(void **state) {
    (void)state;
    struct gw_hash128 a = gw_fingerprint_content(GW_STR("one"), GW_STR("two"));
    assert_true(a.low == gw_fingerprint_content(GW_STR("one"), GW_STR("two")).low);
    assert_true(a.low != gw_fingerprint_content(GW_STR("onet"), GW_STR("wo")).low);
}

static void test_simhash_bits_are_the_majority(void **state) {
    (void)state;
    /* The same shingle n times gives the shingle's own hash for every n; the planes carry. */
    struct gw_text once = bench_text(NULL, "a a a");
    for (int n = 1; n < 70; n += 17) {
        char body[256];
        for (int i = 0; i < 2 * (n + 3); i++) {
            body[i] = i % 2 == 0 ? 'a' : ' ';
        }
        body[2 * (n + 3)] = '\0';
        struct gw_text many = bench_text(NULL, body);
        assert_true(gw_fingerprint_similar(&many) == gw_fingerprint_similar(&once));
    }
}

static void test_language_tags(void **state) {
    (void)state;
    static const struct {
        const char *tag;
        enum gw_language_said said;
        const char *code;
    } cases[] = {
        {"en", GW_LANGUAGE_ENGLISH, "en"},    {"en-GB", GW_LANGUAGE_ENGLISH, "en"},
        {"EN_us", GW_LANGUAGE_ENGLISH, "en"}, {"eng", GW_LANGUAGE_ENGLISH, ""},
        {"English", GW_LANGUAGE_ENGLISH, ""}, {"fr", GW_LANGUAGE_OTHER, "fr"},
        {"PT-br", GW_LANGUAGE_OTHER, "pt"},   {"deu", GW_LANGUAGE_OTHER, ""},
        {"und", GW_LANGUAGE_UNSAID, ""},      {"", GW_LANGUAGE_UNSAID, ""},
        {"?", GW_LANGUAGE_UNSAID, ""},        {"a language", GW_LANGUAGE_UNSAID, ""},
        {"x", GW_LANGUAGE_UNSAID, ""},        {"en2", GW_LANGUAGE_UNSAID, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char code[2];
        assert_int_equal(gw_language_said(gw_str_from(cases[i].tag)), cases[i].said);
        assert_str(gw_language_code(gw_str_from(cases[i].tag), code), cases[i].code);
    }
    assert_int_equal(gw_language_said((struct gw_str){NULL, 0}), GW_LANGUAGE_UNSAID);
}

/* The same little story. */
static const char *const rain[][2] = {
    {"en", flood},
    {"de", "Der Regen hat am Freitag die untere Stadt überflutet und beide Brücken über den Fluss gesperrt."},
    {"es", "La lluvia inundó la parte baja de la ciudad y cerró los dos puentes sobre el río."},
    {"fr", "La pluie a inondé la ville basse vendredi et les deux ponts sur la rivière sont fermés."},
    {"it", "La pioggia ha allagato la parte bassa della città e ha chiuso i due ponti sul fiume."},
    {"pt", "A chuva inundou a parte baixa da cidade na sexta-feira e fechou as duas pontes sobre o rio."},
    {"nl", "De regen heeft vrijdag het lage deel van de stad onder water gezet en beide bruggen zijn dicht."},
    {"sv", "Regnet översvämmade den nedre delen av staden på fredagen och båda broarna är stängda."},
    {"da",
     "Regnen oversvømmede den nedre del af byen fredag, og begge broer over åen er nu lukket af politiet."},
    {"fi",
     "Sade tulvi perjantaina kaupungin alaosaan ja molemmat sillat ovat nyt kiinni, mutta kukaan ei ole."},
    {"pl", "Deszcz zalał w piątek dolną część miasta i zamknął oba mosty, ale nikt nie jest ranny."},
    {"cs", "Déšť v pátek zaplavil dolní část města a oba mosty přes řeku jsou nyní zavřené, ale nikdo není "
           "zraněn."},
    {"ro", "Ploaia a inundat vineri partea de jos a orașului și a închis cele două poduri de pe râu."},
    {"tr", "Yağmur cuma günü şehrin alt kısmını su altında bıraktı ve iki köprü de bu gece için kapatıldı."},
    {"id", "Hujan membanjiri bagian bawah kota pada hari Jumat dan kedua jembatan di atas sungai ditutup."},
    {"ru", "Дождь в пятницу затопил нижнюю часть города, и оба моста через реку были закрыты на ночь."},
    {"el", "Η βροχή πλημμύρισε την κάτω πόλη την Παρασκευή και έκλεισε και τις δύο γέφυρες για τη νύχτα."},
    {"zh", "周五的大雨淹没了下城区，河上的两座桥整夜关闭。市长请市民留在家中。"},
    {"ja", "金曜日の大雨で下町が浸水し、川にかかる二つの橋は一晩中閉鎖されました。"},
    {"ko", "금요일 폭우로 아랫마을이 물에 잠기고 강 위의 두 다리가 밤새 폐쇄되었다고 시장이 말했다."},
    {"", "Rain again"},
    {"", "1 2 3 4 5 6 7 8 9 10"},
    {"", "Zyx wvu tsr qpo nml kji hgf edc bax zyw vut srq"},
};

static void test_languages_by_their_frequent_words(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rain / sizeof *rain; i++) {
        struct gw_text text = bench_text(NULL, rain[i][1]);
        struct gw_language_found found = gw_language_find(&text, bench_model);
        assert_str(found.code, rain[i][0]);
        assert_int_equal(found.english, i == 0);
        assert_false(found.mixed);
    }
}

static void test_each_word_of_a_language_lies_in_its_bucket(void **state) {
    (void)state;
    uint32_t at = 0;
    for (uint32_t bucket = 0; bucket < GW_LANGUAGE_BUCKET_COUNT; bucket++) {
        assert_int_equal(gw_language_buckets[bucket], at);
        for (; at < gw_language_buckets[bucket + 1]; at++) {
            uint32_t tag = gw_language_word_tag(gw_language_words[at]);
            assert_int_equal(tag >> (GW_LANGUAGE_TAG_BITS - GW_LANGUAGE_BUCKET_BITS), bucket);
        }
    }
    assert_int_equal(at, GW_LANGUAGE_WORD_COUNT);
}

static void test_mixed_languages(void **state) {
    (void)state;
    static const char german[] =
        "Der Regen hat am Freitag die untere Stadt überflutet und beide Brücken über den Fluss für die Nacht "
        "gesperrt. Die Bürgermeisterin bat alle, zu Hause zu bleiben, bis das Wasser wieder fällt. Niemand "
        "wurde "
        "verletzt, aber die Keller in vier Straßen sind voll Schlamm, und zwei Läden haben alles verloren.";
    char body[4096];
    snprintf(body, sizeof body, "%s %s %s", flood, german, flood);
    struct gw_text text = bench_text(NULL, body);
    struct gw_language_found found = gw_language_find(&text, bench_model);
    assert_str(found.code, "en");
    assert_true(found.mixed);
    /* A sentence of another language is no mixture. */
    snprintf(body, sizeof body, "%s %s %s %s %s", flood, flood, flood, flood, rain[1][1]);
    text = bench_text(NULL, body);
    assert_false(gw_language_find(&text, bench_model).mixed);
}

/* "quoted|cue|speaker;…" for each quotation. */
static const char *quoted(const char *body) {
    static char out[1024];
    struct gw_text text = bench_text(NULL, body);
    struct gw_work work = bench_work();
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_quotes quotes;
    size_t size = 0;
    out[0] = '\0';
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    assert_int_equal(gw_quotes_find(&text, bench_model, &spans, &entities, &work, &bench_arena, &quotes),
                     GW_OK);
    for (size_t q = 0; q < quotes.count; q++) {
        const struct gw_quote *quote = &quotes.items[q];
        struct gw_str speaker =
            quote->speaker == GW_NO_INDEX ? GW_STR("-") : entities.items[quote->speaker].name;
        size += (size_t)snprintf(out + size, sizeof out - size, "%s%.*s|%.*s|" GW_STR_FMT, q ? ";" : "",
                                 (int)(quote->span.end - quote->span.start), body + quote->span.start,
                                 (int)(quote->cue.end - quote->cue.start), body + quote->cue.start,
                                 GW_STR_ARG(speaker));
    }
    return out;
}

static void test_quotations_and_speakers(void **state) {
    (void)state;
    static const struct {
        const char *body, *quotes;
    } cases[] = {
        {"“We will stay here,” said Maria Lindqvist.", "We will stay here,|said|Maria Lindqvist"},
        {"\"We will stay here,\" Maria Lindqvist said.", "We will stay here,|said|Maria Lindqvist"},
        {"'We will stay here,' Maria Lindqvist said.", "We will stay here,|said|Maria Lindqvist"},
        {"Maria Lindqvist said: \"We will stay here.\"", "We will stay here.|said|Maria Lindqvist"},
        {"“We will stay,” said Prime Minister Maria Lindqvist.", "We will stay,|said|Maria Lindqvist"},
        {"“We will stay,” Maria Lindqvist, the mayor of a small town, said.",
         "We will stay,|said|Maria Lindqvist"},
        {"“We will stay,” she told Reuters.", "We will stay,|told|-"},
        {"“We will stay,” Maria Lindqvist told Reuters.", "We will stay,|told|Maria Lindqvist"},
        {"“We will stay,” according to Maria Lindqvist.", "We will stay,|according to|Maria Lindqvist"},
        {"Maria Lindqvist also said that the town is “a very good place”.",
         "a very good place|said|Maria Lindqvist"},
        {"It is what Maria Lindqvist called a “very good place”.", "very good place|called|Maria Lindqvist"},
        {"“It is late.” Maria Lindqvist said the town would pay.", "It is late.||-"},
        {"“It is late.” Maria Lindqvist said.", "It is late.|said|Maria Lindqvist"},
        {"“It is late,” said a man in London.", "It is late,|said|-"},
        {"It is a “very odd” plan.", "very odd||-"},
        {"It is an “odd” plan.", ""},
        {"‘We won’t stay here,’ said the BBC.", "We won’t stay here,|said|BBC"},
        {"The workers' plan and the owners' plan differ.", ""},
        {"A 5\" pipe and a 6\" pipe", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(quoted(cases[i].body), cases[i].quotes);
    }
}

static void test_pronouns_only_where_sure(void **state) {
    (void)state;
    static const struct {
        const char *body, *quotes;
    } cases[] = {
        {"“We will stay here,” she said.", "We will stay here,|said|-"},
        {"Maria Lindqvist came late.\n\n“We will stay here,” she said.",
         "We will stay here,|said|Maria Lindqvist"},
        {"Maria Lindqvist met Peter Hall.\n\n“We will stay here,” she said.", "We will stay here,|said|-"},
        {"“We met Peter Hall,” said Maria Lindqvist.\n\n“We will stay here,” she said.",
         "We met Peter Hall,|said|Maria Lindqvist;We will stay here,|said|Maria Lindqvist"},
        {"“We met Peter Hall,” said Maria Lindqvist. Peter Hall left.\n\n“We will stay here,” he said.",
         "We met Peter Hall,|said|Maria Lindqvist;We will stay here,|said|-"},
        {"Maria Lindqvist came late.\n\nIt rained.\n\nIt snowed.\n\n“We will stay here,” she said.",
         "We will stay here,|said|-"},
        {"“We will stay,” they said.", "We will stay,|said|-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(quoted(cases[i].body), cases[i].quotes);
    }
}

static void test_quotations_that_go_on(void **state) {
    (void)state;
    static const struct {
        const char *body, *quotes;
    } cases[] = {
        {"“We will stay,” Maria Lindqvist said. “We like it here.”",
         "We will stay,|said|Maria Lindqvist;We like it here.||Maria Lindqvist"},
        {"“We will stay,” Maria Lindqvist told reporters in town. “We like it here.”",
         "We will stay,|told|Maria Lindqvist;We like it here.||Maria Lindqvist"},
        {"“We will stay,” Maria Lindqvist said of the “odd little plan”.",
         "We will stay,|said|Maria Lindqvist;odd little plan|said|Maria Lindqvist"},
        {"“We will stay,” Maria Lindqvist said. It rained. “We like it here.”",
         "We will stay,|said|Maria Lindqvist;We like it here.||-"},
        {"“One paragraph ends.\n\n“Another one follows,” Maria Lindqvist said.",
         "One paragraph ends.\n\n“Another one follows,|said|Maria Lindqvist"},
        {"\"One paragraph ends.\n\n\"Another one follows,\" Maria Lindqvist said.",
         "One paragraph ends.\n\n\"Another one follows,|said|Maria Lindqvist"},
        {"“He told me ‘go away’ and left,” Maria Lindqvist said.",
         "He told me ‘go away’ and left,|said|Maria Lindqvist"},
        {"\"He told me 'go away,' and left,\" Maria Lindqvist said.",
         "He told me 'go away,' and left,|said|Maria Lindqvist"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(quoted(cases[i].body), cases[i].quotes);
    }
}

static void test_the_closing_mark_is_missing(void **state) {
    (void)state;
    static const struct {
        const char *body, *quotes;
    } cases[] = {
        {"“We like this town Maria Lindqvist wrote in a letter.", "We like this town|wrote|Maria Lindqvist"},
        {"“We like this town, Maria Lindqvist wrote.\n\n“We stay,” she said.",
         "We like this town|wrote|Maria Lindqvist;We stay,|said|Maria Lindqvist"},
        {"“We lost our end. “We found ours,” said Kenya.", "We lost our end.||-;We found ours,|said|Kenya"},
        {"It said “we lost our end. “We found ours,” said Kenya.", "We found ours,|said|Kenya"},
        {"“Never closed at all", "Never closed at all||-"},
        {"It was “never closed at all", ""},
        {"“One paragraph\n\nand another” here", "One paragraph||-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(quoted(cases[i].body), cases[i].quotes);
    }
}

static void test_markers_learn_their_quotation(void **state) {
    (void)state;
    struct gw_quote quote = {.span = {10, 20, GW_FIELD_BODY}};
    struct gw_quotes quotes = {&quote, 1};
    struct gw_marker markers[] = {
        {.span = {12, 15, GW_FIELD_TITLE}, .quote = GW_NO_INDEX},
        {.span = {5, 9, GW_FIELD_BODY}, .quote = GW_NO_INDEX},
        {.span = {10, 13, GW_FIELD_BODY}, .quote = GW_NO_INDEX},
        {.span = {17, 20, GW_FIELD_BODY}, .quote = GW_NO_INDEX},
        {.span = {20, 23, GW_FIELD_BODY}, .quote = GW_NO_INDEX},
    };
    static const uint32_t expected[] = {GW_NO_INDEX, GW_NO_INDEX, 0, 0, GW_NO_INDEX};
    gw_quotes_claim_markers(&quotes, markers, 5);
    for (size_t m = 0; m < 5; m++) {
        assert_int_equal(markers[m].quote, expected[m]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simhash_follows_the_text),
        cmocka_unit_test(test_notice_words_are_found_by_their_hash),
        cmocka_unit_test(test_simhash_is_blind_to_the_lead),
        cmocka_unit_test(test_simhash_of_a_story_that_is_taken_over),
        cmocka_unit_test(test_simhash_of_lines_broken_to_a_width),
        cmocka_unit_test(test_content_hash_knows_title_from_body),
        cmocka_unit_test(test_simhash_bits_are_the_majority),
        cmocka_unit_test(test_language_tags),
        cmocka_unit_test(test_languages_by_their_frequent_words),
        cmocka_unit_test(test_each_word_of_a_language_lies_in_its_bucket),
        cmocka_unit_test(test_mixed_languages),
        cmocka_unit_test(test_quotations_and_speakers),
        cmocka_unit_test(test_pronouns_only_where_sure),
        cmocka_unit_test(test_quotations_that_go_on),
        cmocka_unit_test(test_the_closing_mark_is_missing),
        cmocka_unit_test(test_markers_learn_their_quotation),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
