<?php
// No time-out: the shop waits for us.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function ask( $address ) {
	return wp_safe_remote_get( $address );
}
