"""What section by section is asked of a WooCommerce extension, where the plugin does it, and which test would
miss it. `python -m tests.plugin.checklist` prints the rows of docs/woocommerce.md."""

from __future__ import annotations

from dataclasses import dataclass

from tests.security.checks.guarded import Guard

HERE = "connectors/woocommerce/plugin/doorstep/"
RULES = "test_rules.py::test_nothing_is_found_in_the_plugin"
ARCHIVE = "test_archive.py::test_the_headers_are_those_that_the_platform_asks_for"


def in_php(name: str) -> str:
    return f"test_php.py::test_in_php[{name}_test]"


@dataclass(frozen=True)
class Row:
    """`line` stands once in `file`. With `broken` in its place `test` fails."""

    rule: str
    file: str
    line: str
    broken: str
    test: str

    @property
    def guard(self) -> Guard:
        return Guard(f"{HERE}{self.file}", self.line, self.broken)

    def names(self, failed: str) -> bool:
        """Whether a test that failed is this row's, or one of its cases."""
        return failed.removeprefix("tests/plugin/").startswith(self.test)

    def __str__(self) -> str:
        line = self.line.strip().replace("|", "\\|")
        return f"| {self.rule} | `{self.file}` | `{line}` | `{self.test}` |"


CHECKLIST = (
    Row(
        "declares high-performance order storage, in `before_woocommerce_init`",
        "doorstep.php",
        "declare_compatibility( 'custom_order_tables', FILE, true );",
        "declare_compatibility( 'custom_order_tables', FILE, false );",
        in_php("rules"),
    ),
    Row(
        "declares the block checkout",
        "doorstep.php",
        "declare_compatibility( 'cart_checkout_blocks', FILE, true );",
        "declare_compatibility( 'product_block_editor', FILE, true );",
        in_php("rules"),
    ),
    Row("headers: needs WooCommerce", "doorstep.php", "Requires Plugins:     woocommerce", "Needs:", ARCHIVE),
    Row("headers: tested with", "doorstep.php", "WC tested up to:      10.2", "WC tested: 10.2", ARCHIVE),
    Row(
        "headers: license", "doorstep.php", "License:              GPL-2.0-or-later", "License: MIT", ARCHIVE
    ),
    Row(
        "app proxy: a rewrite rule below the pages' path",
        "includes/proxy.php",
        "'index.php?' . PAGE_VAR . '=$matches[1]', 'top' );",
        "'index.php?page=$matches[1]', 'top' );",
        "test_proxy.py::test_a_visitors_form_arrives_whole_and_signed",
    ),
    Row(
        "app proxy: `redirect_canonical` is off there, so bodies of forms are not lost",
        "includes/proxy.php",
        "return '' === asked_path() ? $address : false;",
        "return $address;",
        "test_proxy.py::test_no_slash_is_asked_for",
    ),
    Row(
        "app proxy: 5 seconds",
        "includes/proxy.php",
        "'timeout'             => ASK_SECONDS,",
        "'timeout'             => 60,",
        "test_proxy.py::test_five_seconds_are_the_most",
    ),
    Row(
        "app proxy: a cap on answers",
        "includes/answer.php",
        "if ( strlen( $body ) > LARGEST_ANSWER ) {",
        "if ( false ) {",
        "test_proxy.py::test_an_answer_of_endless_size",
    ),
    Row(
        "rules are flushed on activation and on a change, never on each load",
        "includes/rules.php",
        "if ( get_option( RULES_OPTION ) !== rules_wanted() ) {",
        "if ( true ) {",
        in_php("rules"),
    ),
    Row(
        "plain permalinks have the query form",
        "includes/page.php",
        "return $pretty ? pages_path() : '/?' . PAGE_VAR . '=';",
        "return pages_path();",
        "test_proxy.py::test_plain_permalinks_have_a_query",
    ),
    Row(
        "shortcode of the tracking page",
        "includes/shortcodes.php",
        "add_shortcode( 'doorstep_tracking',",
        "add_shortcode( 'doorstep_track',",
        in_php("shortcodes"),
    ),
    Row(
        "block of it, drawn by the server: no build step",
        "includes/blocks.php",
        "'render_callback'       => $draw,",
        "'render_callback'       => '__return_empty_string',",
        in_php("blocks"),
    ),
    Row(
        "link on the page after the purchase",
        "includes/order-links.php",
        "add_action( 'woocommerce_thankyou',",
        "add_action( 'woocommerce_thankyou_page',",
        in_php("order_links"),
    ),
    Row(
        "link in the order's details",
        "includes/order-links.php",
        "add_action( 'woocommerce_order_details_after_order_table',",
        "add_action( 'woocommerce_order_details_after_table',",
        in_php("order_links"),
    ),
    Row(
        "order links: never the order's number alone",
        "includes/order-links.php",
        "return page_address( 'o/' . $id . '/' . order_proof( $id ) );",
        "return page_address( 'o/' . $id . '/' . $id );",
        "test_real_links.py::test_the_link_on_the_order_s_page_is_that_link",
    ),
    Row(
        "My Account: an endpoint of its own",
        "includes/account.php",
        "add_rewrite_endpoint( ACCOUNT_TAB, EP_ROOT | EP_PAGES );",
        "add_rewrite_endpoint( 'tracks', EP_ROOT | EP_PAGES );",
        "test_front_pages.py::test_my_account_has_a_tab_with_the_orders",
    ),
    Row(
        "My Account: an entry in its menu",
        "includes/account.php",
        "add_filter( 'woocommerce_account_menu_items',",
        "add_filter( 'woocommerce_account_menu',",
        "test_front_pages.py::test_my_account_has_a_tab_with_the_orders",
    ),
    Row(
        'My Account: "Track" beside each order',
        "includes/account.php",
        "add_filter( 'woocommerce_my_account_my_orders_actions',",
        "add_filter( 'woocommerce_my_orders_actions',",
        in_php("order_links"),
    ),
    Row(
        "widget script: deferred, in the footer",
        "includes/widgets.php",
        "'strategy'  => 'defer',",
        "'strategy'  => 'async',",
        in_php("shortcodes"),
    ),
    Row(
        "widget script: where it is needed only",
        "includes/widgets.php",
        "if ( is_connected() && shows_ours() ) {",
        "if ( is_connected() ) {",
        in_php("shortcodes"),
    ),
    Row(
        "own mails: the ids that may be silenced, and no others",
        "includes/mails.php",
        "'customer_processing_order',",
        "'customer_note',",
        "test_real_settings.py::test_no_other_mail_is_ever_silenced",
    ),
    Row(
        "own mails: silent only while our heartbeat is fresh",
        "includes/mails.php",
        "if ( ! is_connected() || ! is_fresh() ) {",
        "if ( ! is_connected() ) {",
        in_php("mails"),
    ),
    Row(
        "own mails: half an hour",
        "includes/mails.php",
        "const FRESH_FOR = 1800;",
        "const FRESH_FOR = 7200;",
        "test_real_settings.py::test_without_a_word_for_half_an_hour_the_mails_come_back",
    ),
    Row(
        "REST routes in a namespace that the store's keys open",
        "includes/settings-route.php",
        "'wc-doorstep/v1',",
        "'doorstep/v1',",
        RULES,
    ),
    Row(
        "REST routes ask for `manage_woocommerce`",
        "includes/settings-route.php",
        "return current_user_can( 'manage_woocommerce' );",
        "return is_user_logged_in();",
        "test_real_settings.py::test_others_keys_set_nothing",
    ),
    Row(
        "instant hints: a change of status",
        "includes/hints.php",
        "add_action( 'woocommerce_order_status_changed',",
        "add_action( 'woocommerce_order_status',",
        "test_real_hints.py::test_a_hint_is_a_read_that_we_owe",
    ),
    Row(
        "instant hints: a refund",
        "includes/hints.php",
        "add_action( 'woocommerce_order_refunded',",
        "add_action( 'woocommerce_refunded',",
        "test_real_hints.py::test_refunds_and_parcels_are_told_too",
    ),
    Row(
        "instant hints: a fulfilment",
        "includes/hints.php",
        "add_action( 'woocommerce_fulfillment_after_fulfill',",
        "add_action( 'woocommerce_fulfillment_fulfilled',",
        "test_real_hints.py::test_refunds_and_parcels_are_told_too",
    ),
    Row(
        "instant hints: nobody waits for the answer",
        "includes/hints.php",
        "tell( 'hint', $hint, false );",
        "tell( 'hint', $hint, true );",
        in_php("hints"),
    ),
    Row(
        "what is sent is signed, every byte of it",
        "includes/signing.php",
        'return signed( $action . "\\n" . $time . "\\n" . $body );',
        'return signed( $action . "\\n" . $time );',
        "test_real_hints.py::test_a_hint_is_a_read_that_we_owe",
    ),
    Row(
        "connect button: a sub-page of WooCommerce",
        "includes/connect-page.php",
        "add_submenu_page( 'woocommerce',",
        "add_submenu_page( 'tools.php',",
        in_php("admin_page"),
    ),
    Row(
        "connect button: to the installation of this shop",
        "includes/way-in.php",
        "http_build_query( array( 'shop' => home_url() ) );",
        "http_build_query( array( 'shop' => site_url() . '/' ) );",
        in_php("admin_page"),
    ),
    Row(
        "connect button: the state, and when we were heard last",
        "includes/connection.php",
        "show_row( __( 'Last heard from Doorstep', 'doorstep' ), heard_words() );",
        "show_row( __( 'Last heard from Doorstep', 'doorstep' ), '' );",
        in_php("admin_page"),
    ),
    Row(
        "no word to our server before the merchant connects",
        "includes/state.php",
        "return '' !== $state['secret'] && '' !== $state['app'] && '' !== $state['door'];",
        "return true;",
        "test_real_leaving.py::test_before_the_merchant_agreed_nothing_is_said",
    ),
    Row(
        "privacy: words for the shop's policy",
        "includes/privacy.php",
        "wp_add_privacy_policy_content( 'Doorstep',",
        "wp_add_privacy_policy_content( 'Doors',",
        in_php("privacy"),
    ),
    Row(
        "privacy: an exporter",
        "includes/privacy.php",
        "add_filter( 'wp_privacy_personal_data_exporters',",
        "add_filter( 'wp_privacy_exporters',",
        in_php("privacy"),
    ),
    Row(
        "privacy: an eraser",
        "includes/privacy.php",
        "add_filter( 'wp_privacy_personal_data_erasers',",
        "add_filter( 'wp_privacy_erasers',",
        in_php("privacy"),
    ),
    Row(
        "uninstall.php removes the options and tells us",
        "uninstall.php",
        "leave( 'uninstalled' );",
        "clear_traces();",
        "test_real_leaving.py::test_who_deletes_the_plugin_leaves",
    ),
    Row(
        "leaving takes back the REST key",
        "includes/leave.php",
        "revoke_key( $state['key_id'] );",
        "absint( $state['key_id'] );",
        "test_real_leaving.py::test_the_merchant_leaves",
    ),
    Row(
        "security: a guard in each file",
        "includes/tell.php",
        "defined( 'ABSPATH' ) || exit;",
        "defined( 'ABSPATH' );",
        RULES,
    ),
    Row(
        "security: a capability for each action of the back office",
        "includes/connection.php",
        "if ( ! current_user_can( 'manage_woocommerce' ) ) {",
        "if ( ! is_user_logged_in() ) {",
        RULES,
    ),
    Row(
        "security: and a nonce",
        "includes/connection.php",
        "check_admin_referer( LEAVE_ACTION );",
        "is_admin();",
        RULES,
    ),
    Row(
        "security: input is unslashed and cleaned",
        "includes/proxy.php",
        "sanitize_text_field( wp_unslash( $_SERVER[ $key ] ) )",
        "wp_unslash( $_SERVER[ $key ] )",
        RULES,
    ),
    Row(
        "security: output is escaped",
        "includes/connection.php",
        "esc_html( $name ), esc_html( $words ) );",
        "esc_html( $name ), $words );",
        RULES,
    ),
    Row(
        "security: queries are prepared",
        "includes/settings-route.php",
        'WHERE consumer_key = %s AND user_id = %d",',
        "WHERE consumer_key = '$key' AND user_id = %d\",",
        RULES,
    ),
    Row(
        "security: names with our prefix",
        "includes/state.php",
        "const STATE_OPTION  = 'doorstep_state';",
        "const STATE_OPTION  = 'connection_state';",
        RULES,
    ),
    Row(
        "security: no inside address is asked for what others name",
        "includes/proxy.php",
        "'reject_unsafe_urls'  => ! is_own_app( $address ),",
        "'reject_unsafe_urls'  => false,",
        "test_proxy.py::test_an_inside_address_is_not_asked",
    ),
    Row(
        "security: redirects stay in the shop",
        "includes/connection.php",
        "wp_safe_redirect( admin_address(",
        "wp_redirect( admin_address(",
        RULES,
    ),
    Row(
        "i18n: our own text domain",
        "includes/account.php",
        "return __( 'Track orders', 'doorstep' );",
        "return __( 'Track orders' );",
        RULES,
    ),
    Row(
        "readme.txt: what is sent, when, terms and privacy",
        "readme.txt",
        "== External services ==",
        "== Services ==",
        "test_archive.py::test_the_readme_is_one_that_the_directory_takes",
    ),
    Row(
        "readme.txt: the version is the plugin's",
        "readme.txt",
        "Stable tag: 1.0.0",
        "Stable tag: trunk",
        "test_archive.py::test_every_place_names_the_same_version",
    ),
)


if __name__ == "__main__":
    print("\n".join(map(str, CHECKLIST)))
