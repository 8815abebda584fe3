<?php
// A block that gives back what it was given.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function add_block() {
	register_block_type( 'doorstep/stars', array( 'render_callback' => __NAMESPACE__ . '\\stars' ) );
}

function stars( $given ) {
	return $given['text'];
}
