<?php
// A script's name that anybody could have.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load_script() {
	wp_enqueue_script( 'reviews', plugins_url( 'reviews.js', __FILE__ ), array(), '1.0.0', true );
}
