<?php
// Without slashes, but not cleaned.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function browser() {
	$said = isset( $_SERVER['HTTP_USER_AGENT'] ) ? wp_unslash( $_SERVER['HTTP_USER_AGENT'] ) : '';
	return esc_html( $said );
}
