<?php
/**
 * Leaving: Doorstep is told, and what it left in this shop goes, its key first of all.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

/**
 * The merchant's wish. What cannot be told is done all the same: Doorstep notices when its key opens nothing.
 *
 * @param string $reason disconnected or uninstalled.
 * @return bool Whether Doorstep knows.
 */
function leave( $reason ) {
	$told = tell( 'left', array( 'reason' => $reason ) );
	clear_traces();
	return is_array( $told ) && 200 === wp_remote_retrieve_response_code( $told );
}

/** Webhooks, keys and settings; all that is of Doorstep and nothing else. */
function clear_traces() {
	$state = state();
	if ( '' !== $state['app'] ) {
		delete_webhooks( $state['app'] . '/' );
	}
	foreach ( $state['key_ids'] as $key_id ) {
		revoke_key( $key_id );
	}
	forget_state();
}

/** Those that deliver to an address that begins like this. */
function delete_webhooks( $prefix ) {
	global $wpdb;
	if ( ! class_exists( '\WC_Webhook' ) ) {
		// WooCommerce is off, so that nothing else keeps a copy of its table.
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->prefix}wc_webhooks WHERE delivery_url LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
		return;
	}
	foreach ( \WC_Data_Store::load( 'webhook' )->get_webhooks_ids() as $id ) {
		$webhook = new \WC_Webhook( $id );
		if ( 0 === strpos( $webhook->get_delivery_url(), $prefix ) ) {
			$webhook->delete( true );
		}
	}
}

/** There is no other way to revoke a key than its row. */
function revoke_key( $key_id ) {
	global $wpdb;
	$wpdb->delete( $wpdb->prefix . 'woocommerce_api_keys', array( 'key_id' => (int) $key_id ), array( '%d' ) );
}
