<?php
/**
 * In which language an order was placed, noted on it: WooCommerce has no field for it, and a customer of a shop
 * that speaks several is to be written to in the one that the checkout spoke.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const LANGUAGE_META = '_doorstep_language';

// Before the order is saved, in both checkouts.
add_action( 'woocommerce_checkout_create_order', __NAMESPACE__ . '\\note_language' );
add_action( 'woocommerce_store_api_checkout_update_order_meta', __NAMESPACE__ . '\\note_language' );

function note_language( $order ) {
	if ( is_connected() && $order instanceof \WC_Order ) {
		$order->update_meta_data( LANGUAGE_META, language_of_page() );
	}
}

/** Polylang's own word first: in the checkout made of blocks, which asks by REST, WordPress knows the site's only. */
function language_of_page() {
	$told = function_exists( 'pll_current_language' ) ? \pll_current_language( 'locale' ) : '';
	return is_string( $told ) && '' !== $told ? $told : determine_locale();
}
