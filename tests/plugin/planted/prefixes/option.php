<?php
// An option that anybody could have.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function keep( $state ) {
	update_option( 'connection_state', $state );
}
