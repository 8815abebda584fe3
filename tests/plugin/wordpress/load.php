<?php
/**
 * A WordPress with WooCommerce, as far as the plugin can tell: enough to run its own code, from hooks to
 * HTTP. Nothing here is WordPress' code; it is written anew from how WordPress behaves.
 *
 * Environment:
 *   WORDPRESS_STATE    the JSON file that holds options, users, keys, orders (made when it is missing)
 *   WORDPRESS_HOME     the shop's home address, https://shop.example
 *   WORDPRESS_ORIGINS  JSON: where https names really live, {"https://app.example": "http://127.0.0.1:8000"}
 *   WORDPRESS_CLOCK    seconds by which the plugin's clock is ahead
 *   WORDPRESS_PLUGIN   the folder of the plugin, if not the one of this repository (an unpacked archive)
 *   WORDPRESS_WOOCOMMERCE  0: WooCommerce is switched off
 *   DOORSTEP_APP       the constant of that name, as wp-config.php would have it
 *
 * A test: require this file, then boot_wordpress(). A server: php -S 127.0.0.1:0 serve.php.
 */

error_reporting( E_ALL );
ini_set( 'display_errors', 'stderr' );
set_error_handler(
	static function ( $level, $words, $file, $line ) {
		if ( ! ( error_reporting() & $level ) ) {
			return false;
		}
		throw new ErrorException( $words, 0, $level, $file, $line );
	}
);

define( 'ABSPATH', __DIR__ . '/' );
define( 'WC_VERSION', '10.2.4' );
defined( 'WORDPRESS_SERVES' ) || define( 'WORDPRESS_SERVES', false );
define( 'WORDPRESS_PLUGIN', getenv( 'WORDPRESS_PLUGIN' ) ?: dirname( __DIR__, 3 ) . '/connectors/woocommerce/plugin/doorstep' );
if ( getenv( 'DOORSTEP_APP' ) ) {
	define( 'DOORSTEP_APP', getenv( 'DOORSTEP_APP' ) );
}
$GLOBALS['wp_version'] = '6.8.8';

require_once __DIR__ . '/stops.php';
require_once __DIR__ . '/state.php';
require_once __DIR__ . '/hooks.php';
require_once __DIR__ . '/options.php';
require_once __DIR__ . '/escaping.php';
require_once __DIR__ . '/words.php';
require_once __DIR__ . '/addresses.php';
require_once __DIR__ . '/users.php';
require_once __DIR__ . '/nonces.php';
require_once __DIR__ . '/http.php';
require_once __DIR__ . '/rest.php';
require_once __DIR__ . '/database.php';
require_once __DIR__ . '/rewrite.php';
require_once __DIR__ . '/admin.php';
require_once __DIR__ . '/clock.php';
foreach ( array_merge( array( __DIR__ . '/woocommerce.php' ), glob( __DIR__ . '/front*.php' ) ) as $part ) {
	if ( '0' !== getenv( 'WORDPRESS_WOOCOMMERCE' ) || false === strpos( $part, 'woocommerce.php' ) ) {
		require_once $part;
	}
}

/**
 * In WordPress' own order. The first boot of a state activates the plugin before anything else, as if in a
 * request of its own: there the plugin comes when `init` is over.
 */
function boot_wordpress() {
	register_shutdown_function(
		static function () {
			do_action( 'shutdown' );
		}
	);
	require_once WORDPRESS_PLUGIN . '/doorstep.php';
	if ( ! in_array( 'doorstep/doorstep.php', (array) get_option( 'active_plugins', array() ), true ) ) {
		do_action( 'activate_doorstep/doorstep.php', false );
		update_option( 'active_plugins', array( 'doorstep/doorstep.php' ) );
	}
	do_action( 'plugins_loaded' );
	do_action( 'before_woocommerce_init' );
	do_action( 'after_setup_theme' );
	do_action( 'init' );
	do_action( 'woocommerce_init' );
	do_action( 'wp_loaded' );
}
