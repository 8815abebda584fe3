<?php
/**
 * The shortcodes once more, as blocks. PHP draws them, so that no build step is needed; the script only tells
 * the editor what may be set.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'init', __NAMESPACE__ . '\\register_blocks' );

function register_blocks() {
	wp_register_style( 'doorstep', plugins_url( 'assets/front.css', FILE ), array(), VERSION );
	wp_register_script(
		'doorstep-blocks',
		plugins_url( 'assets/blocks.js', FILE ),
		array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components', 'wp-i18n', 'wp-server-side-render' ),
		VERSION,
		true
	);
	wp_set_script_translations( 'doorstep-blocks', 'doorstep' );
	register_one_block(
		'tracking',
		__NAMESPACE__ . '\\tracking_block',
		array(
			'heading' => array(
				'type'    => 'string',
				'default' => '',
			),
			'text'    => array(
				'type'    => 'string',
				'default' => '',
			),
			'prefill' => array(
				'type'    => 'boolean',
				'default' => true,
			),
		)
	);
	$product = array(
		'type'    => 'integer',
		'default' => 0,
	);
	$how     = array(
		'type'    => 'boolean',
		'default' => true,
	);
	register_one_block( 'reviews', __NAMESPACE__ . '\\reviews_block', compact( 'product', 'how' ) );
	register_one_block( 'stars', __NAMESPACE__ . '\\stars_block', compact( 'product' ) );
}

function register_one_block( $name, $draw, array $attributes ) {
	register_block_type(
		'doorstep/' . $name,
		array(
			'api_version'           => 3,
			'supports'              => array(
				'html'  => false,
				'align' => array( 'wide', 'full' ),
			),
			'attributes'            => $attributes,
			'uses_context'          => array( 'postId' ),
			'editor_script_handles' => array( 'doorstep-blocks' ),
			'editor_style_handles'  => array( 'doorstep' ),
			'render_callback'       => $draw,
		)
	);
}

// Each has the width and the class that the editor gave it; nothing stays nothing.

function tracking_block( $set ) {
	$form = lookup_form( (string) set_to( $set, 'heading', '' ), (string) set_to( $set, 'text', '' ), (bool) set_to( $set, 'prefill', true ) );
	return '' === $form ? '' : '<div ' . get_block_wrapper_attributes() . '>' . $form . '</div>';
}

function reviews_block( $set, $content = '', $block = null ) {
	$reviews = reviews_element( wanted_product( set_to( $set, 'product', 0 ), post_beside( $block ) ), (bool) set_to( $set, 'how', true ) );
	return '' === $reviews ? '' : '<div ' . get_block_wrapper_attributes() . '>' . $reviews . '</div>';
}

function stars_block( $set, $content = '', $block = null ) {
	$stars = stars_element( wanted_product( set_to( $set, 'product', 0 ), post_beside( $block ) ) );
	return '' === $stars ? '' : '<div ' . get_block_wrapper_attributes() . '>' . $stars . '</div>';
}

/** What the editor stored; a shortened or hand-written block may lack it. */
function set_to( $set, $name, $otherwise ) {
	return is_array( $set ) && isset( $set[ $name ] ) && is_scalar( $set[ $name ] ) ? $set[ $name ] : $otherwise;
}

/** The post that a block stands for in a list: there each product has stars of its own. */
function post_beside( $block ) {
	return is_object( $block ) && isset( $block->context['postId'] ) ? absint( $block->context['postId'] ) : 0;
}
