<?php
// wp_redirect leads to other people's hosts.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function go_back( $address ) {
	wp_redirect( $address );
	exit;
}
