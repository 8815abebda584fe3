<?php
/**
 * How the connection is, in words, and the way out of it.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const LEAVE_ACTION = 'doorstep_disconnect';
/** Seconds by which the shop's clock may be wrong before the merchant is told. */
const WRONG_CLOCK = 120;

add_action( 'admin_post_' . LEAVE_ACTION, __NAMESPACE__ . '\\disconnect' );

function show_connection() {
	if ( ! is_fresh() ) {
		printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html__( 'Doorstep has not been heard for more than half an hour. Until it is, your shop sends all of its own mails.', 'doorstep' ) );
	}
	if ( ! is_framed_by_us() ) {
		/* translators: %s: a domain */
		printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( sprintf( __( 'Doorstep knows this shop as %s, and this back office lies at another address. Its pages open in the frame only where both are the same.', 'doorstep' ), shop_name() ) ) );
	}
	echo '<table class="form-table" role="presentation"><tbody>';
	show_row( __( 'Connected with', 'doorstep' ), connected_app() );
	show_row( __( 'Shop', 'doorstep' ), shop_name() );
	show_row( __( 'Last heard from Doorstep', 'doorstep' ), heard_words() );
	show_row( __( 'Mails that Doorstep sends in place of your shop', 'doorstep' ), replaced_words() );
	if ( abs( state()['offset'] ) > WRONG_CLOCK ) {
		show_row( __( 'Clock', 'doorstep' ), clock_words() );
	}
	echo '</tbody></table>';
	show_leave_form();
}

function show_row( $name, $words ) {
	printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $words ) );
}

function heard_words() {
	$silence = silence();
	if ( null === $silence ) {
		return __( 'Never', 'doorstep' );
	}
	if ( $silence < MINUTE_IN_SECONDS ) {
		return __( 'Within the last minute', 'doorstep' );
	}
	$now = time();
	/* translators: %s: a span of time, like "3 mins" */
	return sprintf( __( '%s ago', 'doorstep' ), human_time_diff( $now - $silence, $now ) );
}

function replaced_words() {
	$names = array(
		'customer_processing_order'         => __( 'Processing order', 'doorstep' ),
		'customer_completed_order'          => __( 'Completed order', 'doorstep' ),
		'customer_fulfillment_created'      => __( 'Fulfilment created', 'doorstep' ),
		'customer_fulfillment_updated'      => __( 'Fulfilment updated', 'doorstep' ),
		'customer_fulfillment_deleted'      => __( 'Fulfilment deleted', 'doorstep' ),
		'customer_refunded_order'           => __( 'Refunded order', 'doorstep' ),
		'customer_partially_refunded_order' => __( 'Partially refunded order', 'doorstep' ),
		'customer_cancelled_order'          => __( 'Cancelled order', 'doorstep' ),
	);
	$words = array_values( array_intersect_key( $names, array_flip( replaced_now() ) ) );
	return $words ? implode( ', ', $words ) : __( 'None', 'doorstep' );
}

function clock_words() {
	$now  = time();
	$span = human_time_diff( $now - abs( state()['offset'] ), $now );
	return state()['offset'] > 0
		/* translators: %s: a span of time, like "3 mins" */
		? sprintf( __( 'The clock of this shop is ahead by %s. Doorstep allows for that.', 'doorstep' ), $span )
		/* translators: %s: a span of time, like "3 mins" */
		: sprintf( __( 'The clock of this shop is behind by %s. Doorstep allows for that.', 'doorstep' ), $span );
}

/** The frame's page lets itself be held by the shop's own address only. */
function is_framed_by_us() {
	return wp_parse_url( admin_url(), PHP_URL_HOST ) === wp_parse_url( 'https://' . shop_name(), PHP_URL_HOST );
}

function show_leave_form() {
	printf( '<h2>%s</h2>', esc_html__( 'Disconnect', 'doorstep' ) );
	printf( '<p>%s</p>', esc_html__( 'Doorstep sends nothing more for this shop from then on, and your shop sends its own mails again. The key that Doorstep reads the shop with, and the addresses that your shop reports to, are deleted here. Connecting again is possible at any time.', 'doorstep' ) );
	printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php', 'relative' ) ) );
	printf( '<input type="hidden" name="action" value="%s">', esc_attr( LEAVE_ACTION ) );
	wp_nonce_field( LEAVE_ACTION );
	printf( '<button type="submit" class="button">%s</button>', esc_html__( 'Disconnect', 'doorstep' ) );
	echo '</form>';
}

function disconnect() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'You may not disconnect this shop.', 'doorstep' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( LEAVE_ACTION );
	$told = leave( 'disconnected' );
	wp_safe_redirect( admin_address( array( 'left' => $told ? 'told' : 'untold' ) ) );
	exit;
}

/** Said once, on the page that the merchant comes back to. */
function show_farewell() {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- which sentence is shown; nothing is changed.
	$left = isset( $_GET['left'] ) ? sanitize_key( wp_unslash( $_GET['left'] ) ) : '';
	if ( 'told' === $left ) {
		printf( '<div class="notice notice-success inline"><p>%s</p></div>', esc_html__( 'Doorstep is disconnected and sends nothing more for this shop.', 'doorstep' ) );
	} elseif ( 'untold' === $left ) {
		printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html__( 'Disconnected here, but Doorstep did not answer. It notices as soon as its key no longer opens the shop.', 'doorstep' ) );
	}
}
