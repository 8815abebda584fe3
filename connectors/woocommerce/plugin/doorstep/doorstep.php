<?php
/**
 * Plugin Name:          Doorstep
 * Description:          What your shop says to a customer after the order: confirmation, shipping, reviews. Connects WooCommerce with Doorstep.
 * Version:              1.0.0
 * Requires at least:    6.7
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * WC requires at least: 9.6
 * WC tested up to:      10.2
 * Author:               Doorstep
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          doorstep
 * Domain Path:          /languages
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const VERSION = '1.0.0';
const FILE    = __FILE__;

require_once __DIR__ . '/app-address.php';

foreach ( glob( __DIR__ . '/includes/*.php' ) as $doorstep_file ) {
	require_once $doorstep_file;
}
unset( $doorstep_file );

add_action( 'before_woocommerce_init', __NAMESPACE__ . '\\declare_compatibility' );
add_action( 'init', __NAMESPACE__ . '\\load_translations', 1 );

/** Orders live in tables of their own, and the checkout may be made of blocks: both are fine with us. */
function declare_compatibility() {
	if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
		\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', FILE, true );
		\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', FILE, true );
	}
}

/** Those that lie beside the plugin; WordPress finds its own by itself. */
function load_translations() {
	load_plugin_textdomain( 'doorstep', false, dirname( plugin_basename( FILE ) ) . '/languages' );
}
