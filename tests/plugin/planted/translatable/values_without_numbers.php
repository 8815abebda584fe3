<?php
// Two values whose order is fixed.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function words( $name, $date ) {
	/* translators: 1: a name, 2: a day */
	return sprintf( __( '%s wrote on %s', 'doorstep' ), $name, $date );
}
