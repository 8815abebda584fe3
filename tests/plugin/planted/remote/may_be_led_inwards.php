<?php
// wp_remote_get asks private addresses as well.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function ask( $address ) {
	return wp_remote_get( $address, array( 'timeout' => 5 ) );
}
