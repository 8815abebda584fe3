<?php
// Another client than WordPress's.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function ask( $address ) {
	return curl_init( $address );
}
