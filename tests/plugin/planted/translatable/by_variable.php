<?php
// A text that no translator ever sees.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function words( $status ) {
	return __( $status, 'doorstep' );
}
