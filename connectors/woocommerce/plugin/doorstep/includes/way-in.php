<?php
/**
 * What a merchant sees before the shop is connected: one button, and what stands in its way if anything does.
 * Until it is clicked, nothing is asked of our server.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_way_in() {
	$waiting   = has_fresh_key();
	$obstacles = obstacles();
	printf( '<h1>%s</h1>', esc_html( $waiting ? __( 'Doorstep is being connected', 'doorstep' ) : __( 'Doorstep is not connected', 'doorstep' ) ) );
	show_farewell();
	show_other_place();
	foreach ( $obstacles as $words ) {
		printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( $words ) );
	}
	echo '<div class="card">';
	if ( $waiting ) {
		printf( '<p>%s</p>', esc_html__( 'Doorstep has its keys and is reading the shop. Its pages open here as soon as it has written back, in most cases within a minute.', 'doorstep' ) );
		printf( '<p><a class="button button-primary" href="%s">%s</a></p>', esc_url( admin_address() ), esc_html__( 'Look again', 'doorstep' ) );
		printf(
			'<p class="description">%s <a href="%s">%s</a></p>',
			esc_html__( 'Nothing happens for minutes? Connecting once more changes nothing for your customers.', 'doorstep' ),
			esc_url( install_address() ),
			esc_html__( 'Connect once more', 'doorstep' )
		);
	} else {
		printf( '<p>%s</p>', esc_html__( 'Doorstep cannot see this shop yet. Connecting opens a page of this shop that lists what it may read and asks for your consent.', 'doorstep' ) );
		if ( ! $obstacles ) {
			printf( '<p><a class="button button-primary" href="%s">%s</a></p>', esc_url( install_address() ), esc_html__( 'Connect', 'doorstep' ) );
		}
		printf( '<p class="description">%s</p>', esc_html__( 'Connecting mails nobody about earlier orders. A few flows are on to begin with, each with its switch. You can take the consent back at any time.', 'doorstep' ) );
	}
	echo '</div>';
}

function install_address() {
	return app_address() . '/woocommerce/install?' . http_build_query( array( 'shop' => own_home() ) );
}

/** The settings lie here, and they are another shop's: this is a copy of it, or it has moved. */
function show_other_place() {
	if ( ! has_settings() || is_at_home() ) {
		return;
	}
	/* translators: 1: the address of the shop that is connected, 2: the address of this one */
	$words = __( 'Doorstep knows this shop as %1$s, and this is %2$s: a copy of it, or the shop has moved. From here Doorstep is told nothing, and this shop sends all of its own mails. If the shop has moved, connect it by its new address. A copy that is for trying things out needs nothing.', 'doorstep' );
	printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( sprintf( $words, shop_name(), place( own_home() ) ) ) );
}

/** In words, what would make connecting fail. */
function obstacles() {
	$found = array();
	if ( 0 !== strpos( own_home(), 'https://' ) ) {
		$found[] = __( 'The address of this shop begins with http. Doorstep reads shops over https only: change the addresses in Settings, General.', 'doorstep' );
	}
	if ( '' === (string) get_option( 'permalink_structure' ) ) {
		$found[] = __( 'This shop uses plain permalinks, and WooCommerce cannot be asked through them. Choose any other form in Settings, Permalinks.', 'doorstep' );
	}
	return $found;
}

/**
 * The consent was given a moment ago: a key of ours is there, and its first use is on its way. WooCommerce names
 * it after the app and the minute. A key that nothing came of for an hour is no sign of anything.
 */
function has_fresh_key() {
	global $wpdb;
	$named = $wpdb->get_var(
		$wpdb->prepare(
			"SELECT description FROM {$wpdb->prefix}woocommerce_api_keys WHERE description LIKE %s ORDER BY key_id DESC LIMIT 1",
			$wpdb->esc_like( 'Doorstep - API (' ) . '%'
		)
	);
	$made  = null === $named ? false : strtotime( rtrim( substr( $named, strlen( 'Doorstep - API (' ) ), ')' ) . ' UTC' );
	return false !== $made && time() - $made < HOUR_IN_SECONDS;
}
