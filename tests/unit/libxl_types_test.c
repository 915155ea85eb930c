/* SPDX-License-Identifier: GPL-2.0-only */
/* libxl's types: defaults, copies, JSON out and in again, and what is said about wrong JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxl_cfg.h>
#include <libxl_json.h>
#include <libxl_utils.h>

static void fill(libxl_domain_config *c)
{
    libxl_domain_config_init(c);
    c->c_info.name = strdup("web \"1\"");
    c->c_info.type = LIBXL_DOMAIN_TYPE_HVM;
    libxl_uuid_from_string(&c->c_info.uuid, "01234567-89ab-cdef-0123-456789abcdef");
    c->c_info.xsdata = calloc(3, sizeof(char *));
    c->c_info.xsdata[0] = strdup("vm-data/a");
    c->c_info.xsdata[1] = strdup("b");
    libxl_defbool_set(&c->c_info.hap, false);
    libxl_domain_build_info_init_type(&c->b_info, LIBXL_DOMAIN_TYPE_HVM);
    c->b_info.max_vcpus = 3;
    c->b_info.max_memkb = 1ull << 40;
    c->b_info.u.hvm.boot = strdup("cd");
    libxl_bitmap_alloc(NULL, &c->b_info.avail_vcpus, 3);
    libxl_bitmap_set(&c->b_info.avail_vcpus, 2);
    c->num_nics = 2;
    c->nics = calloc(2, sizeof(*c->nics));
    for (int i = 0; i < 2; i++)
        libxl_device_nic_init(&c->nics[i]);
    c->nics[1].mac[5] = 7;
    c->nics[1].bridge = strdup("br0");
    c->on_crash = LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME;
}

static void test_defaults(void **state)
{
    libxl_domain_config c;

    libxl_domain_config_init(&c);
    assert_int_equal(c.c_info.type, LIBXL_DOMAIN_TYPE_INVALID);
    assert_true(c.b_info.max_memkb == LIBXL_MEMKB_DEFAULT);
    assert_int_equal(c.b_info.sched_params.weight, -1);
    assert_int_equal(c.on_reboot, LIBXL_ACTION_ON_SHUTDOWN_RESTART);
    assert_true(libxl_defbool_is_default(c.c_info.hap));
    libxl_domain_config_dispose(&c);
}

static void test_round_trip(void **state)
{
    libxl_domain_config a, b, copy;
    char *one, *two, *three;

    fill(&a);
    one = libxl_domain_config_to_json(NULL, &a);
    assert_int_equal(libxl_domain_config_from_json(NULL, &b, one), 0);
    libxl_domain_config_copy(NULL, &copy, &b);
    libxl_domain_config_dispose(&b);
    libxl_domain_config_dispose(&b); /* twice is harmless */
    two = libxl_domain_config_to_json(NULL, &copy);
    assert_string_equal(one, two);
    assert_string_equal(copy.b_info.u.hvm.boot, "cd");
    assert_true(copy.b_info.max_memkb == 1ull << 40);
    assert_int_equal(copy.nics[1].mac[5], 7);
    assert_int_equal(copy.nics[0].devid, -1);
    assert_false(libxl_defbool_val(copy.c_info.hap));
    assert_string_equal(copy.c_info.xsdata[1], "b");
    assert_true(libxl_bitmap_test(&copy.b_info.avail_vcpus, 2));
    assert_int_equal(libxl_bitmap_count_set(&copy.b_info.avail_vcpus), 1);
    three = libxl_domain_config_to_json(NULL, &a);
    assert_string_equal(one, three);
    free(one);
    free(two);
    free(three);
    libxl_domain_config_dispose(&a);
    libxl_domain_config_dispose(&copy);
}

/* What Debian's xl writes: no "type" in b_info, booleans as strings. */
static void test_foreign_json(void **state)
{
    static const char json[] =
        "{\"c_info\":{\"type\":\"pvh\",\"run_hotplug_scripts\":\"True\","
        "\"domid\":4294967295},"
        "\"b_info\":{\"type.pvh\":{},\"arch_x86\":{\"msr_relaxed\":\"False\"},"
        "\"avail_vcpus\":[0]},\"on_soft_reset\":\"soft_reset\"}";
    libxl_domain_config c;

    assert_int_equal(libxl_domain_config_from_json(NULL, &c, json), 0);
    assert_int_equal(c.b_info.type, LIBXL_DOMAIN_TYPE_PVH);
    assert_true(libxl_defbool_val(c.c_info.run_hotplug_scripts));
    assert_false(libxl_defbool_val(c.b_info.arch_x86.msr_relaxed));
    libxl_domain_config_dispose(&c);
}

static void expect_fault(const char *json, unsigned int line, const char *key, const char *part)
{
    libxl_cfg *cfg = libxl_cfg_parse_json("x.json", json, strlen(json));
    const libxl_cfg_fault_info *f;
    libxl_domain_config c;

    libxl_domain_config_init(&c);
    assert_int_equal(libxl_cfg_to_domain_config(cfg, &c), ERROR_INVAL);
    f = libxl_cfg_fault_get(cfg, 0);
    assert_non_null(f);
    assert_int_equal(f->line, line);
    assert_string_equal(f->key, key);
    assert_non_null(strstr(f->problem, part));
    assert_string_equal(f->file, "x.json");
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

static void test_faults_name_line_and_key(void **state)
{
    expect_fault("{ \"c_info\": {\n\"name\": 7 } }", 2, "c_info.name", "is a number");
    expect_fault("{ \"c_info\": {\n\n\"nmae\": \"x\" } }", 3, "c_info.nmae", "did you mean name");
    expect_fault("{ \"b_info\": {}, \"disks\": [ {},\n { \"vdve\": \"xvda\" } ] }", 2,
                 "disks[1].vdve", "vdev");
    expect_fault("{ \"b_info\": {\n\"tsc_mode\": \"bogus\" } }", 2, "b_info.tsc_mode", "native");
    expect_fault("{ \"b_info\": { \"rtc_timeoffset\": 4294967296 } }", 1, "b_info.rtc_timeoffset",
                 "between 0");
    expect_fault("{ \"b_info\": { \"max_vcpus\": 1.5 } }", 1, "b_info.max_vcpus", "whole number");
    expect_fault("{ \"c_info\":\n\n {\"name\": } }", 3, "", "not valid JSON");
    expect_fault("{ \"c_info\": {\"uuid\": \"12\"} }", 1, "c_info.uuid", "no UUID");
    expect_fault("{ \"c_info\": {\"name\": \"a\",\n\"name\": \"b\"} }", 2, "c_info.name",
                 "second time");
    expect_fault("[1]", 1, "", "{ ... }");
    expect_fault("{ \"b_info\": { \"avail_vcpus\": [1, -3] } }", 1, "b_info.avail_vcpus[1]",
                 "between");
    expect_fault("{ \"b_info\": { \"type\": \"pvh\", \"type.hvm\": {} , \"type\": \"hvm\" } }", 1,
                 "b_info.type", "second time");
}

static void test_enums(void **state)
{
    libxl_action_on_shutdown a;

    assert_int_equal(libxl_action_on_shutdown_from_string("Restart-Rename", &a), 0);
    assert_int_equal(a, LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME);
    assert_int_equal(libxl_action_on_shutdown_from_string("restar", &a), ERROR_INVAL);
    assert_int_equal(libxl_action_on_shutdown_from_string("restarts", &a), ERROR_INVAL);
    assert_string_equal(libxl_error_to_string(ERROR_NOPARAVIRT), "noparavirt");
    assert_null(libxl_domain_type_to_string(77));
}

static void test_bitmaps(void **state)
{
    libxl_bitmap a, b, both;
    char *hex;

    libxl_bitmap_alloc(NULL, &a, 12);
    libxl_bitmap_alloc(NULL, &b, 20);
    libxl_bitmap_set(&a, 1);
    libxl_bitmap_set(&a, 11);
    libxl_bitmap_set(&a, 99); /* ignored */
    libxl_bitmap_set(&b, 11);
    assert_int_equal(libxl_bitmap_count_set(&a), 2);
    assert_false(libxl_bitmap_test(&a, 99));
    assert_false(libxl_bitmap_test(&a, -1));
    libxl_bitmap_and(NULL, &both, &a, &b);
    assert_int_equal(libxl_bitmap_count_set(&both), 1);
    assert_true(libxl_bitmap_equal(&both, &b, 0));
    hex = libxl_bitmap_to_hex_string(NULL, &a);
    assert_string_equal(hex, "0x0802");
    free(hex);
    libxl_bitmap_dispose(&a);
    libxl_bitmap_dispose(&b);
    libxl_bitmap_dispose(&both);
}

static void test_event_json(void **state)
{
    libxl_event e;
    char *json;

    libxl_event_init(&e);
    libxl_event_init_type(&e, LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN);
    e.domid = 4;
    e.u.domain_shutdown.shutdown_reason = 3;
    json = libxl_event_to_json(NULL, &e);
    assert_non_null(strstr(json, "\"type\": \"domain_shutdown\""));
    assert_non_null(strstr(json, "\"shutdown_reason\": 3"));
    free(json);
    libxl_event_dispose(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),     cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_foreign_json), cmocka_unit_test(test_faults_name_line_and_key),
        cmocka_unit_test(test_enums),        cmocka_unit_test(test_bitmaps),
        cmocka_unit_test(test_event_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
