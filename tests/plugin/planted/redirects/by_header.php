<?php
// A redirect by hand.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function go_back( $address ) {
	header( 'Location: ' . esc_url_raw( $address ) );
	exit;
}
