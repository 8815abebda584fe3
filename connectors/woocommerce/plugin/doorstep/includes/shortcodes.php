<?php
/**
 * What a merchant puts into a page: the form that finds an order, a product's reviews, its stars. Blocks show
 * the same (blocks.php). Nothing is shown while we are not connected.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_shortcode( 'doorstep_tracking', __NAMESPACE__ . '\\tracking_shortcode' );
add_shortcode( 'doorstep_reviews', __NAMESPACE__ . '\\reviews_shortcode' );
add_shortcode( 'doorstep_stars', __NAMESPACE__ . '\\stars_shortcode' );

function tracking_shortcode( $given ) {
	$default = array(
		'heading' => '',
		'text'    => '',
		'prefill' => 'yes',
	);
	$wanted  = shortcode_atts( $default, $given, 'doorstep_tracking' );
	return lookup_form( (string) $wanted['heading'], (string) $wanted['text'], is_yes( $wanted['prefill'] ) );
}

function reviews_shortcode( $given ) {
	$default = array(
		'product' => '',
		'how'     => 'yes',
	);
	$wanted  = shortcode_atts( $default, $given, 'doorstep_reviews' );
	return reviews_element( wanted_product( $wanted['product'] ), is_yes( $wanted['how'] ) );
}

function stars_shortcode( $given ) {
	$wanted = shortcode_atts( array( 'product' => '' ), $given, 'doorstep_stars' );
	return stars_element( wanted_product( $wanted['product'] ) );
}

function is_yes( $word ) {
	return ! in_array( strtolower( trim( (string) $word ) ), array( 'no', 'false', '0', 'off' ), true );
}

/** The product that was named, else the one that the page is about; 0 if there is none. */
function wanted_product( $named, $beside = 0 ) {
	global $product;
	if ( absint( $named ) > 0 ) {
		return absint( $named );
	}
	if ( absint( $beside ) > 0 && 'product' === get_post_type( absint( $beside ) ) ) {
		return absint( $beside );
	}
	if ( $product instanceof \WC_Product ) {
		return absint( $product->get_id() );
	}
	return is_singular( 'product' ) ? absint( get_queried_object_id() ) : 0;
}

/** It works without any script; whoever is logged in finds both fields filled in. */
function lookup_form( $heading, $text, $prefill ) {
	static $count = 0;
	if ( ! is_connected() ) {
		return '';
	}
	wp_enqueue_style( 'doorstep' );
	$doorstep = array(
		'id'      => ++$count,
		'action'  => page_address( 'track' ),
		'heading' => '' === $heading ? __( 'Where is my order?', 'doorstep' ) : $heading,
		'text'    => '' === $text ? __( 'Both stand in the confirmation that you got by mail.', 'doorstep' ) : $text,
		'number'  => '',
		'proof'   => '',
	);
	if ( $prefill && is_user_logged_in() ) {
		$doorstep = array_merge( $doorstep, known_of_customer() );
	}
	ob_start();
	include dirname( FILE ) . '/templates/lookup-form.php';
	return ob_get_clean();
}

function known_of_customer() {
	keep_from_caches();
	$orders = ! function_exists( 'wc_get_orders' ) ? array() : wc_get_orders(
		array(
			'customer_id' => get_current_user_id(),
			'type'        => 'shop_order',
			'limit'       => 1,
			'orderby'     => 'date',
			'order'       => 'DESC',
		)
	);
	$email  = $orders ? (string) $orders[0]->get_billing_email() : '';
	return array(
		'number' => $orders ? (string) $orders[0]->get_order_number() : '',
		'proof'  => '' === $email ? (string) wp_get_current_user()->user_email : $email,
	);
}

function reviews_element( $product, $how ) {
	if ( ! $product || ! script_wanted() ) {
		return '';
	}
	use_widget( 'reviews' );
	return '<div class="doorstep-reviews"><doorstep-reviews product="' . esc_attr( $product ) . '" base="' . esc_attr( rooted_path() ) . '"'
		. ( $how ? ' how' : '' ) . '></doorstep-reviews><noscript><p>' . esc_html__( 'The reviews need JavaScript.', 'doorstep' ) . '</p></noscript></div>';
}

function stars_element( $product ) {
	if ( ! $product || ! script_wanted() ) {
		return '';
	}
	use_widget( 'stars' );
	return '<div class="doorstep-badge"><doorstep-stars product="' . esc_attr( $product ) . '" base="' . esc_attr( rooted_path() ) . '"></doorstep-stars></div>';
}
