<?php
// A shortcode that gives its attribute back.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_shortcode( 'doorstep_stars', __NAMESPACE__ . '\\stars' );

function stars( $given ) {
	return '<div class="' . $given['class'] . '"></div>';
}
