<?php
/**
 * The look of what we show in the shop, and the script of stars and reviews: it comes from Doorstep, only on a
 * page that shows them, only while we are connected and the merchant wants it.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

// What needs the style sheet before the page is drawn, so that nothing moves later.
const SHOWN_BY_SHORTCODE = array( 'doorstep_tracking', 'doorstep_reviews', 'doorstep_stars' );
const SHOWN_BY_BLOCK     = array( 'doorstep/tracking', 'doorstep/reviews', 'doorstep/stars' );

add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\\name_scripts' );

/** The scripts get their names; a page asks for those that it needs. */
function name_scripts() {
	if ( script_wanted() ) {
		$place = array(
			'strategy'  => 'defer',
			'in_footer' => true,
		);
		wp_register_script( 'doorstep-stars', widget_address( 'stars' ), array(), VERSION, $place );
		wp_register_script( 'doorstep-reviews', widget_address( 'reviews' ), array( 'doorstep-stars' ), VERSION, $place );
	}
	if ( is_connected() && shows_ours() ) {
		wp_enqueue_style( 'doorstep' );
	}
}

function widget_address( $name ) {
	return esc_url_raw( connected_app() . '/static/widgets/' . $name . '.js' );
}

/** Whether the post that this page is about holds something of ours. What stands elsewhere asks when it is shown. */
function shows_ours() {
	$post = is_singular() ? get_post() : null;
	if ( ! $post ) {
		return false;
	}
	foreach ( SHOWN_BY_SHORTCODE as $name ) {
		if ( has_shortcode( $post->post_content, $name ) ) {
			return true;
		}
	}
	foreach ( SHOWN_BY_BLOCK as $name ) {
		if ( has_block( $name, $post ) ) {
			return true;
		}
	}
	return false;
}

/** @param string $kind stars or reviews. */
function use_widget( $kind ) {
	wp_enqueue_style( 'doorstep' );
	wp_enqueue_script( 'doorstep-' . $kind );
}
